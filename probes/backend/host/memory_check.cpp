// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/host/memory_check.h"

#include <algorithm>

#include "common/base/parse.h"

namespace assay::probes::host {

std::optional<uint64_t> available_memory_bytes(const FsRoot& root) {
  constexpr std::string_view kKey = "MemAvailable:";
  const auto text = root.text("/proc/meminfo");
  if (!text) return std::nullopt;
  for (const std::string_view line : split(*text, '\n')) {
    if (!line.starts_with(kKey) || !line.ends_with("kB")) continue;
    const auto kilobytes = parse_u64(trim(line.substr(kKey.size(), line.size() - kKey.size() - 2)));
    if (kilobytes) return *kilobytes * 1024;
  }
  return std::nullopt;
}

bool memory_suffices(const FsRoot& root, uint64_t needed_bytes) {
  const auto available = available_memory_bytes(root);
  return !available || needed_bytes <= *available - std::min(*available, kMemoryReserveBytes);
}

}  // namespace assay::probes::host
