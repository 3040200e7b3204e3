// SPDX-License-Identifier: Apache-2.0
#include "agent/telemetry/edac.h"

#include <fmt/format.h>

namespace assay::agent {

Result<std::vector<Reading>> EdacReader::read(const FsRoot& root, MonoTime /*now*/) {
  constexpr char kRoot[] = "/sys/devices/system/edac/mc";
  std::vector<Reading> readings;
  bool present = false;
  for (const std::string& entry : root.list(kRoot)) {
    const bool controller = entry.size() > 2 && entry.starts_with("mc") && entry[2] >= '0' && entry[2] <= '9';
    if (!controller) continue;
    present = true;
    const auto corrected = root.integer(fmt::format("{}/{}/ce_count", kRoot, entry));
    const auto uncorrected = root.integer(fmt::format("{}/{}/ue_count", kRoot, entry));
    if (corrected) readings.push_back({Quantity::kCorrectedErrors, entry, "", std::nullopt, static_cast<double>(*corrected)});
    if (uncorrected) readings.push_back({Quantity::kUncorrectedErrors, entry, "", std::nullopt, static_cast<double>(*uncorrected)});
  }
  if (!present) return no_source();
  if (readings.empty()) return make_error(ErrorCode::kUnavailable, "the memory controllers' counters cannot be read");
  return readings;
}

}  // namespace assay::agent
