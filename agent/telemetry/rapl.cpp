// SPDX-License-Identifier: Apache-2.0
#include "agent/telemetry/rapl.h"

#include <fmt/format.h>

#include "common/base/parse.h"

namespace assay::agent {
namespace {

constexpr char kRoot[] = "/sys/class/powercap";

std::optional<uint32_t> socket_of(std::string_view domain) {
  constexpr std::string_view kPackage = "package-";
  const auto number = domain.starts_with(kPackage) ? parse_u64(domain.substr(kPackage.size())) : parse_u64("");
  if (!number.ok()) return std::nullopt;
  return static_cast<uint32_t>(*number);
}

}  // namespace

Result<std::vector<Reading>> RaplReader::read(const FsRoot& root, MonoTime now) {
  std::vector<Reading> readings;
  bool present = false;
  bool unreadable = false;
  for (const std::string& entry : root.list(kRoot)) {
    // "intel-rapl:0" is a package; "intel-rapl:0:1" is a part of it and would count twice.
    if (!entry.starts_with("intel-rapl:") || entry.find(':', 11) != std::string::npos) continue;
    const std::string directory = fmt::format("{}/{}", kRoot, entry);
    const auto domain = root.text(directory + "/name");
    if (!domain) continue;
    present = true;
    const auto energy = root.integer(directory + "/energy_uj");
    if (!energy) {
      unreadable = true;
      continue;
    }
    const auto range = root.integer(directory + "/max_energy_range_uj");
    const auto before = before_.find(entry);
    if (before != before_.end() && now > before->second.at) {
      int64_t used = *energy - before->second.energy_uj;
      if (used < 0 && range && before->second.energy_uj <= *range) used += *range;  // wrapped once
      if (used >= 0) {
        readings.push_back({Quantity::kPowerWatts, *domain, "", socket_of(*domain), static_cast<double>(used) * 1e-6 / to_seconds(now - before->second.at)});
      }
    }
    before_[entry] = {*energy, now};
  }
  if (!present) return no_source();
  if (unreadable && readings.empty()) {
    return make_error(ErrorCode::kPermission, "energy_uj is readable by root alone; grant it (packaging/tmpfiles.d) to see power");
  }
  return readings;
}

}  // namespace assay::agent
