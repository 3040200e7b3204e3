// SPDX-License-Identifier: Apache-2.0
#include "agent/core/gpu_watch.h"

#include <algorithm>
#include <array>
#include <optional>

#include <fmt/format.h>

namespace assay::agent {
namespace {

using Q = GpuQuantity;

// Each error is counted once: volatile counters live with the driver, remaps and retirements over life.
std::optional<GpuErrorKind> kind_of(const GpuFact& fact) {
  switch (fact.quantity) {
    case Q::kEccErrors:
      if (fact.part == "corrected,volatile") return GpuErrorKind::kEccCorrected;
      if (fact.part == "uncorrected,volatile") return GpuErrorKind::kEccUncorrected;
      return std::nullopt;
    case Q::kRowRemaps: return GpuErrorKind::kRowRemaps;
    case Q::kRetiredPages: return GpuErrorKind::kRetiredPages;
    case Q::kPcieReplays: return GpuErrorKind::kPcieReplays;
    case Q::kNvlinkErrors: return GpuErrorKind::kNvlink;
    default: return std::nullopt;
  }
}

// Corrected errors, replays and link errors are told by their trend alone: a healthy GPU has some.
bool each_is_news(GpuErrorKind kind) {
  return kind == GpuErrorKind::kEccUncorrected || kind == GpuErrorKind::kRowRemaps || kind == GpuErrorKind::kRetiredPages;
}

std::string name_of(const GpuReading& gpu) { return gpu.identity.uuid.empty() ? fmt::format("{}", gpu.identity.index) : gpu.identity.uuid; }

// An error that ECC could not correct, or a repair that failed, puts the part in doubt; a repair that worked does not.
Remark remark_of(const GpuReading& gpu, std::string_view what, bool suspects) {
  return {RemarkKind::kGpuErrors, false,
          fmt::format("gpu={} pci_bus_id={} {}", name_of(gpu), gpu.identity.pci_bus_id.empty() ? "unknown" : gpu.identity.pci_bus_id, what), gpu.identity.uuid, suspects};
}

}  // namespace

std::string_view to_string(GpuErrorKind kind) {
  constexpr std::array<std::string_view, 6> kNames = {"ecc_corrected", "ecc_uncorrected", "row_remaps", "retired_pages", "pcie_replays", "nvlink"};
  static_assert(kNames.size() == static_cast<size_t>(kLastGpuErrorKind) + 1);
  return kNames[static_cast<size_t>(kind)];
}

News GpuWatch::step(const GpuSample& sample, MonoTime at) {
  News news;
  for (const GpuReading& gpu : sample.gpus) {
    if (gpu.trouble == GpuTrouble::kNone) count_errors(gpu, at, news);
    note_states(gpu, news);
  }
  news.urgent = !news.remarks.empty();
  return news;
}

void GpuWatch::count_errors(const GpuReading& gpu, MonoTime at, News& news) {
  std::map<GpuErrorKind, double> grown;
  for (const GpuFact& fact : gpu.facts) {
    const auto kind = kind_of(fact);
    if (!kind) continue;
    const CounterKey key{gpu.identity.uuid, {fact.quantity, fact.part}};
    auto trend = trends_.find(key);
    if (trend == trends_.end()) trend = trends_.emplace(key, CounterTrend(info_of(fact.quantity).counter_bits, kWindow)).first;
    grown[*kind] += trend->second.add(fact.value, at);
  }
  for (const auto& [kind, count] : grown) {
    if (count > 0 && each_is_news(kind)) news.remarks.push_back(remark_of(gpu, fmt::format("{}=+{:.0f}", to_string(kind), count), kind == GpuErrorKind::kEccUncorrected));
  }
}

// Told when it begins, and again only after it has ended.
void GpuWatch::note(const GpuReading& gpu, std::string_view what, bool is_so, Doubt doubt, News& news) {
  const std::pair key{name_of(gpu), std::string(what)};
  if (!is_so) {
    told_.erase(key);
  } else if (told_.insert(key).second) {
    news.remarks.push_back(remark_of(gpu, what, doubt == Doubt::kHardware));
  }
}

void GpuWatch::note_states(const GpuReading& gpu, News& news) {
  for (const GpuTrouble trouble : {GpuTrouble::kLost, GpuTrouble::kResetRequired, GpuTrouble::kUnreadable}) {
    note(gpu, to_string(trouble), gpu.trouble == trouble, trouble == GpuTrouble::kUnreadable ? Doubt::kNone : Doubt::kHardware, news);
  }
  if (gpu.trouble != GpuTrouble::kNone) return;  // what it was before may still be so
  note(gpu, "row_remap_pending", gpu.value(Q::kRowRemapPending) == 1.0, Doubt::kNone, news);
  note(gpu, "row_remap_failure", gpu.value(Q::kRowRemapFailure) == 1.0, Doubt::kHardware, news);
  note(gpu, "sram_threshold_exceeded", gpu.value(Q::kSramThreshold) == 1.0, Doubt::kHardware, news);
  for (const GpuFact& fact : gpu.facts) {
    if (fact.quantity == Q::kRecoveryAction && fact.part != "none") note(gpu, "recovery_action=" + fact.part, fact.value == 1.0, Doubt::kNone, news);
    const bool protects = fact.quantity == Q::kClockEvent && (fact.part == "hw_thermal" || fact.part == "hw_power_brake");
    if (protects) note(gpu, "throttled=" + fact.part, fact.value == 1.0, Doubt::kNone, news);
  }
}

News GpuWatch::step(const NvmlReaderFacts& reader) {
  News news;
  for (const HungCall& hung : reader.hung) {
    if (hung.number <= hung_told_) continue;
    hung_told_ = hung.number;
    std::string text = fmt::format("call={}", hung.call);
    if (hung.gpu) text += fmt::format(" gpu={}", hung.uuid.empty() ? fmt::format("{}", *hung.gpu) : hung.uuid);
    text += fmt::format(" after=\"{}\"{}", format_span(hung.after), reader.stuck ? "; its process is stuck in the driver and cannot be killed" : "");
    news.remarks.push_back({RemarkKind::kHungDriverCall, false, std::move(text), hung.uuid, true});
    news.urgent = true;
  }
  return news;
}

std::map<std::pair<std::string, GpuErrorKind>, double> GpuWatch::increases() const {
  std::map<std::pair<std::string, GpuErrorKind>, double> sums;
  for (const auto& [key, trend] : trends_) {
    const auto kind = kind_of({key.second.first, key.second.second, 0});
    if (kind) sums[{key.first, *kind}] += trend.increase();
  }
  return sums;
}

}  // namespace assay::agent
