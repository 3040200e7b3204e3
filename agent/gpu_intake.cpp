// SPDX-License-Identifier: Apache-2.0
#include "agent/gpu_intake.h"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include "common/base/bytes.h"
#include "common/base/log.h"
#include "common/model/limits.h"

namespace assay::agent {
namespace {

constexpr std::chrono::minutes kRecent{1};
constexpr size_t kRecordsATurn = 512;
constexpr size_t kGpusRemembered = 256;
constexpr uint8_t kMemoryVersion = 1;
constexpr size_t kMemoryBytes = 4 * 1024 * 1024;

void append(News& into, News&& more) {
  std::ranges::move(more.remarks, std::back_inserter(into.remarks));
  into.urgent = into.urgent || more.urgent;
  into.memory_changed = into.memory_changed || more.memory_changed;
}

Result<XidTable> load_table(const std::filesystem::path& path) {
  const auto text = read_file(path, limits::kConfigBytes);
  if (!text.ok() && text.error().code == ErrorCode::kNotFound) {
    log::info("{} is not there: Xids are counted and watched, and none has a class; see [xid] table", path.string());
    return XidTable();
  }
  if (!text.ok()) return text.error();
  return XidTable::parse(*text, path.string());
}

}  // namespace

Result<std::unique_ptr<GpuIntake>> GpuIntake::open(GpuIntakeOptions options, const std::optional<std::string>& memory) {
  XidTable table = TRY(load_table(options.xid_table));
  table.override_with(options.rules);
  std::unique_ptr<GpuIntake> intake(new GpuIntake(std::move(options), std::move(table)));
  intake->restore(memory.value_or(""));
  return intake;
}

void GpuIntake::restore(std::string_view memory) {
  ByteReader in(memory);
  std::optional<KernelCursor> cursor;
  if (in.u8() == kMemoryVersion) {
    cursor = decode_kernel_cursor(in.text(kMemoryBytes));
    const std::string recent = in.text(kMemoryBytes);
    // Times of another boot mean nothing in this one.
    if (in.complete() && cursor && cursor->boot_id == options_.boot_id) {
      watch_.restore(recent);
    } else {
      cursor.reset();
    }
  }
  open_log(std::move(cursor));
}

void GpuIntake::open_log(std::optional<KernelCursor> cursor) {
  if (options_.kernel_log.empty()) return;
  auto opened = KernelLog::open(options_.kernel_log, options_.boot_id, std::move(cursor));
  if (opened.ok()) {
    log_ = std::move(*opened);
  } else {
    log::info("the kernel log cannot be read: {}; only those Xids that NVML calls critical are seen", opened.error().message);
  }
}

std::string GpuIntake::memory() const {
  ByteWriter out;
  out.u8(kMemoryVersion);
  out.text(log_ ? encode(log_->cursor()) : encode(KernelCursor{options_.boot_id, 0}));
  out.text(watch_.memory());
  return out.take();
}

void GpuIntake::descriptors(std::vector<pollfd>& into) const {
  if (log_ && log_->descriptor() >= 0) into.push_back({log_->descriptor(), POLLIN, 0});
}

News GpuIntake::advance(const std::shared_ptr<const TelemetrySample>& sample, Instant now) {
  News news;
  if (sample && sample != seen_) take_sample(*sample, news);
  seen_ = sample;
  if (log_) read_log(now, news);
  return news;
}

void GpuIntake::take_sample(const TelemetrySample& sample, News& news) {
  append(news, gpu_watch_.step(sample.nvml));
  if (!sample.gpus) return;
  for (const GpuReading& gpu : sample.gpus->gpus) {
    if (gpu.identity.pci_bus_id.empty() || (at_bus_.size() >= kGpusRemembered && !at_bus_.contains(gpu.identity.pci_bus_id))) continue;
    at_bus_[gpu.identity.pci_bus_id] = gpu.identity;
  }
  append(news, gpu_watch_.step(*sample.gpus, sample.at));
  if (log_) return;  // which has these Xids too, and all the others
  for (const NvmlXid& xid : sample.gpus->xids) {
    const auto gpu = std::ranges::find_if(sample.gpus->gpus, [&](const GpuReading& reading) { return reading.identity.index == xid.gpu; });
    if (gpu == sample.gpus->gpus.end() || gpu->identity.pci_bus_id.empty()) continue;
    XidLine line;
    line.code = xid.code;
    line.pci_bus_id = gpu->identity.pci_bus_id;
    append(news, watch_.step(line, sample.at, name_of(line.pci_bus_id)));
  }
}

void GpuIntake::read_log(Instant now, News& news) {
  for (const KernelRecord& record : log_->read(kRecordsATurn)) {
    if (const auto found = parse_gpu_at_bus(record.text); found && at_bus_.size() < kGpusRemembered) {
      GpuIdentity& gpu = at_bus_[found->pci_bus_id];
      gpu.pci_bus_id = found->pci_bus_id;
      gpu.uuid = found->uuid;
    }
    const auto line = parser_.line(record.text);
    if (!line) continue;
    const MonoTime at = std::min(record.at, now.mono);
    News more = watch_.step(*line, at, name_of(line->pci_bus_id));
    // The first reading of a boot finds what happened before the agent came.
    if (now.mono - at > kRecent) {
      for (Remark& remark : more.remarks) remark.text += fmt::format(" ago=\"{}\"", format_span(now.mono - at));
    }
    append(news, std::move(more));
  }
}

bool GpuIntake::describe(const std::string& pci_bus_id, GpuIdentity& into) const {
  const auto gpu = at_bus_.find(pci_bus_id);
  if (gpu != at_bus_.end()) into = gpu->second;
  into.pci_bus_id = pci_bus_id;
  // The log says who it is; only NVML says which index and model it has.
  return gpu != at_bus_.end() && !into.model.empty();
}

std::string GpuIntake::name_of(const std::string& pci_bus_id) const {
  const auto gpu = at_bus_.find(pci_bus_id);
  return gpu == at_bus_.end() ? "" : gpu->second.uuid;
}

std::vector<XidCount> GpuIntake::xids_of(std::string_view uuid, Instant now) const {
  const auto gpu = std::ranges::find_if(at_bus_, [&](const auto& entry) { return entry.second.uuid == uuid; });
  return gpu == at_bus_.end() ? std::vector<XidCount>() : latest_xids(watch_.counts(), gpu->first, now);
}

GpuIntakeFacts GpuIntake::facts() const {
  GpuIntakeFacts facts;
  for (const auto& [key, count] : watch_.counts()) {
    GpuIntakeFacts::Xid xid{key, count.xid_class, {}, false, count.seen};
    xid.gpu_known = describe(key.pci_bus_id, xid.gpu);
    facts.xids.push_back(std::move(xid));
  }
  for (const auto& [key, count] : watch_.findings()) {
    GpuIntakeFacts::Finding finding{std::get<1>(key), std::get<2>(key), {}, false, count};
    finding.gpu_known = describe(std::get<0>(key), finding.gpu);
    facts.findings.push_back(std::move(finding));
  }
  facts.increases = gpu_watch_.increases();
  for (const auto& [bus, gpu] : at_bus_) {
    if (!gpu.uuid.empty() && !gpu.model.empty()) facts.gpus[gpu.uuid] = gpu;
  }
  if (!options_.kernel_log.empty()) facts.log_readable = log_.has_value();
  if (log_) facts.log_lost = log_->lost();
  return facts;
}

}  // namespace assay::agent
