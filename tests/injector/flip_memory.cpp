// SPDX-License-Identifier: Apache-2.0
// Memory through /proc/PID/mem; which pages are writable and there, through maps and pagemap.
#include <unistd.h>

#include <string>
#include <vector>

#include <fmt/format.h>

#include "common/base/parse.h"
#include "tests/injector/flip.h"

namespace assay::injector {
namespace {

constexpr uint64_t kStackBytes = 4096;
constexpr uint64_t kRegionBytes = uint64_t{1} << 30;   // larger ones are shadow memory of sanitizers, terabytes of nothing

struct Region {
  uint64_t begin = 0;
  uint64_t end = 0;
  std::string name;
};

std::string whole(int fd) {
  std::string text;
  if (::lseek(fd, 0, SEEK_SET) != 0) return text;
  char buffer[4096];
  for (ssize_t got = ::read(fd, buffer, sizeof buffer); got > 0; got = ::read(fd, buffer, sizeof buffer)) text.append(buffer, static_cast<size_t>(got));
  return text;
}

uint64_t hexadecimal(std::string_view text) {
  uint64_t value = 0;
  for (const char c : text) value = value * 16 + static_cast<uint64_t>(c <= '9' ? c - '0' : c - 'a' + 10);
  return value;
}

// "7f00-7f10 rw-p 00000000 00:00 0   [heap]"
std::vector<Region> writable_regions(int maps) {
  std::vector<Region> regions;
  const std::string text = whole(maps);  // split() gives views of it
  for (const std::string_view line : split(text, '\n')) {
    const size_t dash = line.find('-');
    const size_t blank = line.find(' ');
    if (dash == std::string_view::npos || blank == std::string_view::npos || line.substr(blank + 1, 2) != "rw") continue;
    const size_t name = line.find_first_of("/[");
    regions.push_back({hexadecimal(line.substr(0, dash)), hexadecimal(line.substr(dash + 1, blank - dash - 1)),
                       name == std::string_view::npos ? "" : std::string(line.substr(name))});
  }
  return regions;
}

// Addresses of the pages of a region that are in memory: others hold nothing yet.
void add_resident_pages(int pagemap, const Region& region, std::vector<uint64_t>& pages) {
  const auto page = static_cast<uint64_t>(::sysconf(_SC_PAGESIZE));
  std::vector<uint64_t> entries((region.end - region.begin) / page);
  const size_t bytes = entries.size() * sizeof(uint64_t);
  const ssize_t got = ::pread(pagemap, entries.data(), bytes, static_cast<off_t>(region.begin / page * sizeof(uint64_t)));
  if (got <= 0) return;
  entries.resize(static_cast<size_t>(got) / sizeof(uint64_t));
  constexpr uint64_t kPresent = uint64_t{1} << 63;
  for (size_t i = 0; i < entries.size(); ++i) {
    if ((entries[i] & kPresent) != 0) pages.push_back(region.begin + i * page);
  }
}

std::optional<std::string> flip_at(int memory, uint64_t address, unsigned bit, std::string_view where) {
  unsigned char byte = 0;
  if (::pread(memory, &byte, 1, static_cast<off_t>(address)) != 1) return std::nullopt;
  byte = static_cast<unsigned char>(byte ^ 1U << bit);
  if (::pwrite(memory, &byte, 1, static_cast<off_t>(address)) != 1) return std::nullopt;
  return fmt::format("{:#x} ({}) bit {}", address, where, bit);
}

}  // namespace

std::optional<std::string> flip_memory(const TracedRunner& runner, pid_t stopped_thread, Target target, Random& random) {
  const auto bit = static_cast<unsigned>(random.below(8));
  if (target == Target::kStack) {
    const uint64_t top = stack_pointer(stopped_thread);
    if (top == 0) return std::nullopt;
    constexpr uint64_t kRedZone = 128;   // System V ABI for x86-64, 3.2.2
    return flip_at(runner.memory(), top - kRedZone + random.below(kStackBytes), bit, "stack");
  }
  std::vector<uint64_t> pages;
  std::vector<Region> regions = writable_regions(runner.maps());
  for (const Region& region : regions) {
    if (region.end - region.begin > kRegionBytes) continue;
    if (target == Target::kMemory || region.name == "[heap]") add_resident_pages(runner.pagemap(), region, pages);
  }
  if (pages.empty()) return std::nullopt;
  const uint64_t page = pages[random.below(pages.size())];
  std::string where = "anonymous";
  for (const Region& region : regions) {
    if (page >= region.begin && page < region.end && !region.name.empty()) where = region.name;
  }
  return flip_at(runner.memory(), page + random.below(static_cast<uint64_t>(::sysconf(_SC_PAGESIZE))), bit, where);
}

}  // namespace assay::injector
