// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/host/memory_check.h"

#include <algorithm>
#include <string>
#include <string_view>

#include "common/base/parse.h"

namespace assay::probes::host {
namespace {

// The names of the files of one version.
struct Names {
  std::string_view hierarchy;  // where it is mounted
  std::string_view limits[2];
  std::string_view usage;
  std::string_view inactive;  // key of memory.stat
};
constexpr Names kVersion2{"/sys/fs/cgroup", {"memory.max", "memory.high"}, "memory.current", "inactive_file"};
constexpr Names kVersion1{"/sys/fs/cgroup/memory", {"memory.limit_in_bytes", ""}, "memory.usage_in_bytes", "total_inactive_file"};

// A number of bytes; absent for "max" and for what is not there.
std::optional<uint64_t> bytes_of(const FsRoot& root, const std::string& path) {
  const auto text = root.text(path);
  if (!text) return std::nullopt;
  const auto value = parse_u64(*text);
  return value ? std::optional<uint64_t>(*value) : std::nullopt;
}

uint64_t inactive_file_bytes(const FsRoot& root, const std::string& folder, const Names& names) {
  const std::string text = root.text(folder + "/memory.stat").value_or("");
  for (const std::string_view line : split(text, '\n')) {
    if (!line.starts_with(names.inactive) || line.substr(names.inactive.size(), 1) != " ") continue;
    const auto value = parse_u64(trim(line.substr(names.inactive.size())));
    return value ? *value : 0;
  }
  return 0;
}

std::optional<uint64_t> least(std::optional<uint64_t> a, std::optional<uint64_t> b) {
  if (!a || !b) return a ? a : b;
  return std::min(*a, *b);
}

std::optional<uint64_t> room_in(const FsRoot& root, const std::string& folder, const Names& names) {
  std::optional<uint64_t> limit;
  for (const std::string_view name : names.limits) {
    if (!name.empty()) limit = least(limit, bytes_of(root, folder + "/" + std::string(name)));
  }
  const auto usage = bytes_of(root, folder + "/" + std::string(names.usage));
  if (!limit || !usage) return std::nullopt;
  const uint64_t in_use = *usage - std::min(*usage, inactive_file_bytes(root, folder, names));
  return *limit - std::min(*limit, in_use);
}

// From the group itself up to the root. In a container its own group is mounted as the root, and the folders between are not there.
std::optional<uint64_t> room_along(const FsRoot& root, std::string path, const Names& names) {
  std::optional<uint64_t> room;
  for (;;) {
    while (path.ends_with('/')) path.pop_back();
    room = least(room, room_in(root, std::string(names.hierarchy) + path, names));
    if (path.empty()) return room;
    path.resize(path.rfind('/') == std::string::npos ? 0 : path.rfind('/'));
  }
}

}  // namespace

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

std::optional<uint64_t> cgroup_memory_bytes(const FsRoot& root) {
  const std::string groups = root.text("/proc/self/cgroup").value_or("");
  std::optional<uint64_t> room;
  // "0::/path" in version 2, "4:memory:/path" (or a list of controllers) in version 1. See cgroups(7).
  for (const std::string_view line : split(groups, '\n')) {
    const auto fields = split(line, ':');
    if (fields.size() < 3) continue;
    const std::string path(line.substr(fields[0].size() + fields[1].size() + 2));
    if (fields[1].empty()) room = least(room, room_along(root, path, kVersion2));
    for (const std::string_view controller : split(fields[1], ',')) {
      if (controller == "memory") room = least(room, room_along(root, path, kVersion1));
    }
  }
  return room;
}

bool memory_suffices(const FsRoot& root, uint64_t needed_bytes) {
  const auto available = least(available_memory_bytes(root), cgroup_memory_bytes(root));
  if (!available) return true;
  const uint64_t stays = std::max(needed_bytes, kMemoryReserveBytes);
  return needed_bytes <= *available - std::min(*available, stays);
}

}  // namespace assay::probes::host
