// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/host/mapped_memory.h"

#include <sys/mman.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include "common/base/file.h"
#include "common/base/parse.h"

namespace assay::probes::host {
namespace {

constexpr size_t kPageBytes = 4096;

constexpr size_t round_up(size_t value, size_t to) { return (value + to - 1) / to * to; }

std::optional<uint64_t> parse_hex(std::string_view text) {
  uint64_t value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value, 16);
  if (problem != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

struct Range {
  uint64_t first;
  uint64_t end;
};

// "7f00-7f80 rw-p ...", the head line of a mapping.
std::optional<Range> parse_head(std::string_view line) {
  const size_t dash = line.find('-');
  const size_t space = line.find(' ');
  if (dash == std::string_view::npos || space == std::string_view::npos || dash > space) return std::nullopt;
  const auto first = parse_hex(line.substr(0, dash));
  const auto end = parse_hex(line.substr(dash + 1, space - dash - 1));
  if (!first || !end || *first > *end) return std::nullopt;
  return Range{*first, *end};
}

}  // namespace

MappedMemory::MappedMemory(size_t bytes) {
  const bool large = bytes >= kHugePageBytes;
  const size_t alignment = large ? kHugePageBytes : kPageBytes;
  const size_t wanted = round_up(bytes, kPageBytes);
  mapped_bytes_ = wanted + (large ? alignment : 0);
  void* mapping = bytes == 0 ? MAP_FAILED : ::mmap(nullptr, mapped_bytes_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (mapping == MAP_FAILED) return;
  mapping_ = mapping;
  const auto address = reinterpret_cast<uintptr_t>(mapping);
  auto* first = static_cast<uint64_t*>(mapping) + (round_up(address, alignment) - address) / sizeof(uint64_t);
  if (large) ::madvise(first, wanted, MADV_HUGEPAGE);
  ::madvise(first, wanted, MADV_DONTDUMP);
  data_ = first;
  words_ = bytes / sizeof(uint64_t);
}

MappedMemory::MappedMemory(MappedMemory&& other) noexcept
    : mapping_(std::exchange(other.mapping_, nullptr)),
      mapped_bytes_(other.mapped_bytes_),
      data_(std::exchange(other.data_, nullptr)),
      words_(std::exchange(other.words_, 0)),
      huge_bytes_(std::exchange(other.huge_bytes_, std::nullopt)) {}

MappedMemory& MappedMemory::operator=(MappedMemory&& other) noexcept {
  MappedMemory taken(std::move(other));
  std::swap(mapping_, taken.mapping_);
  std::swap(mapped_bytes_, taken.mapped_bytes_);
  std::swap(data_, taken.data_);
  std::swap(words_, taken.words_);
  std::swap(huge_bytes_, taken.huge_bytes_);
  return *this;
}

MappedMemory::~MappedMemory() {
  if (mapping_ != nullptr) ::munmap(mapping_, mapped_bytes_);
}

size_t huge_page_bytes(std::string_view smaps, uint64_t first, uint64_t bytes) {
  constexpr std::string_view kKey = "AnonHugePages:";
  uint64_t total = 0;
  bool ours = false;
  for (const std::string_view line : split(smaps, '\n')) {
    if (const auto head = parse_head(line)) ours = head->first < first + bytes && first < head->end;
    if (!ours || !line.starts_with(kKey) || !line.ends_with("kB")) continue;
    if (const auto kilobytes = parse_u64(trim(line.substr(kKey.size(), line.size() - kKey.size() - 2)))) total += *kilobytes * 1024;
  }
  return std::min(total, bytes);
}

size_t MappedMemory::huge_bytes() const {
  constexpr size_t kMostBytes = 4 * 1024 * 1024;
  if (huge_bytes_) return *huge_bytes_;
  const auto smaps = read_file("/proc/self/smaps", kMostBytes);
  huge_bytes_ = smaps ? huge_page_bytes(*smaps, reinterpret_cast<uintptr_t>(data_), bytes()) : 0;
  return *huge_bytes_;
}

}  // namespace assay::probes::host
