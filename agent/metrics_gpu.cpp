// SPDX-License-Identifier: Apache-2.0
#include "agent/metrics_gpu.h"

#include <fmt/format.h>

#include "common/base/parse.h"

namespace assay::agent {
namespace {

void add_known(SeriesLabels& labels, const char* name, const std::string& value) {
  if (!value.empty()) labels.emplace_back(name, value);
}

void add_fact(SeriesSink& sink, const SeriesLabels& gpu, const GpuFact& fact) {
  const GpuQuantityInfo& info = info_of(fact.quantity);
  SeriesLabels labels = gpu;
  if (!info.labels.empty()) {
    const auto names = split(info.labels, ',');
    const auto parts = split(fact.part, ',');
    if (names.size() != parts.size()) return;
    for (size_t i = 0; i < names.size(); ++i) labels.emplace_back(names[i], parts[i]);
  }
  if (info.is_counter()) {
    sink.put_counter(info.metric, info.help, labels, fact.value);
  } else {
    sink.put_gauge(info.metric, info.help, labels, fact.value);
  }
}

}  // namespace

SeriesLabels labels_of(const GpuIdentity& gpu) {
  SeriesLabels labels;
  add_known(labels, "gpu_uuid", gpu.uuid);
  labels.emplace_back("gpu", fmt::format("{}", gpu.index));
  add_known(labels, "pci_bus_id", gpu.pci_bus_id);
  add_known(labels, "model", gpu.model);
  return labels;
}

void add_gpus(SeriesSink& sink, const GpuSample& sample) {
  for (const GpuReading& gpu : sample.gpus) {
    const SeriesLabels labels = labels_of(gpu.identity);
    SeriesLabels all = labels;
    add_known(all, "serial", gpu.identity.serial);
    add_known(all, "board_part", gpu.identity.board_part);
    add_known(all, "vbios", gpu.identity.vbios);
    add_known(all, "driver", sample.driver_version);
    sink.put_gauge("assay_gpu_info", "1; what is known of the GPU is in the labels.", all, 1);
    for (const GpuTrouble trouble : {GpuTrouble::kLost, GpuTrouble::kResetRequired, GpuTrouble::kUnreadable}) {
      SeriesLabels in = labels;
      in.emplace_back("trouble", std::string(to_string(trouble)));
      sink.put_gauge("assay_gpu_trouble", "1 while the GPU cannot be read, by why.", in, gpu.trouble == trouble ? 1 : 0);
    }
    for (const GpuFact& fact : gpu.facts) add_fact(sink, labels, fact);
  }
}

void add_nvml_reader(SeriesSink& sink, const NvmlReaderFacts& facts) {
  if (facts.starts + facts.errors == 0) return;
  const auto event = [&](const char* name, uint64_t count) {
    sink.put_counter("assay_nvml_reader_events_total", "Starts and deaths of the process that reads NVML.", {{"event", name}}, static_cast<double>(count));
  };
  event("start", facts.starts);
  event("hang", facts.hangs);
  event("crash", facts.crashes);
  event("error", facts.errors);
  sink.put_gauge("assay_nvml_reader_stuck", "1 while a process that was killed is still held in a driver call.", {}, facts.stuck ? 1 : 0);
  for (const auto& [error, count] : facts.failed_calls) {
    sink.put_counter("assay_nvml_failed_calls_total", "Calls of NVML that failed, by its error.", {{"error", error}}, static_cast<double>(count));
  }
}

namespace {

// Of a GPU that NVML showed all labels; else what the kernel log says.
SeriesLabels labels_of(const GpuIdentity& gpu, bool known) {
  if (known) return labels_of(gpu);
  SeriesLabels labels;
  add_known(labels, "gpu_uuid", gpu.uuid);
  add_known(labels, "pci_bus_id", gpu.pci_bus_id);
  return labels;
}

}  // namespace

void add_gpu_intake(SeriesSink& sink, const GpuIntakeFacts& facts) {
  for (const auto& xid : facts.xids) {
    SeriesLabels labels = labels_of(xid.gpu, xid.gpu_known);
    labels.emplace_back("code", fmt::format("{}", xid.key.code));
    labels.emplace_back("class", xid.xid_class);
    if (xid.key.kind == XidKind::kXid) {
      sink.put_counter("assay_gpu_xid_total", "Xids of the GPU.", labels, static_cast<double>(xid.seen));
    } else {
      sink.put_counter("assay_nvswitch_sxid_total", "SXids of the switch.", labels, static_cast<double>(xid.seen));
    }
  }
  for (const auto& finding : facts.findings) {
    SeriesLabels labels = labels_of(finding.gpu, finding.gpu_known);
    labels.emplace_back("kind", std::string(to_string(finding.kind)));
    labels.emplace_back("proposed", std::string(to_string(finding.action)));
    sink.put_counter("assay_gpu_xid_findings_total", "Times that enough Xids came within the window of their rule.", labels, static_cast<double>(finding.count));
  }
  for (const auto& [key, increase] : facts.increases) {
    const auto gpu = facts.gpus.find(key.first);
    if (gpu == facts.gpus.end()) continue;
    SeriesLabels labels = labels_of(gpu->second);
    labels.emplace_back("kind", std::string(to_string(key.second)));
    sink.put_gauge("assay_gpu_errors_last_hour", "Errors within the last hour.", labels, increase);
  }
  if (facts.gpus.empty() && facts.xids.empty()) return;
  if (!facts.log_readable) return;
  sink.put_gauge("assay_kernel_log_readable", "1 when Xids are read from the kernel log.", {}, *facts.log_readable ? 1 : 0);
  sink.put_counter("assay_kernel_log_lost_records_total", "Records that were overwritten before they were read, or made no sense.", {}, static_cast<double>(facts.log_lost));
}

}  // namespace assay::agent
