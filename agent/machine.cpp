// SPDX-License-Identifier: Apache-2.0
#include "agent/machine.h"

#include "common/base/parse.h"
#include "common/model/device.h"

namespace assay::agent {

std::optional<uint64_t> memory_available_bytes(const FsRoot& root) {
  const auto text = root.text("/proc/meminfo");
  if (!text) return std::nullopt;
  for (std::string_view line : split(*text, '\n')) {
    constexpr std::string_view kKey = "MemAvailable:";
    constexpr std::string_view kUnit = " kB";
    if (!line.starts_with(kKey) || !line.ends_with(kUnit)) continue;
    line.remove_prefix(kKey.size());
    line.remove_suffix(kUnit.size());
    const auto kilobytes = parse_u64(trim(line));
    if (kilobytes.ok()) return *kilobytes * 1024;
  }
  return std::nullopt;
}

std::string boot_id(const FsRoot& root) {
  const auto id = root.text("/proc/sys/kernel/random/boot_id");
  return id && is_valid_name(*id) ? *id : "unknown";
}

}  // namespace assay::agent
