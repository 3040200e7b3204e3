// SPDX-License-Identifier: Apache-2.0
// Memory under test, straight from the kernel: in huge pages where they can be had, and gone for certain when it is given back.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace assay::probes::host {

// Owns one private anonymous mapping. Movable. No locks of its own.
class MappedMemory {
 public:
  static constexpr size_t kHugePageBytes = 2 * 1024 * 1024;

  MappedMemory() = default;
  // Zeroes, aligned to 4 KiB; empty when the memory cannot be had. From kHugePageBytes on it is aligned to huge pages, and the kernel
  // is asked for them (MADV_HUGEPAGE): a kernel without them gives ordinary ones. Pages come with the first touch.
  explicit MappedMemory(size_t bytes);
  MappedMemory(MappedMemory&& other) noexcept;
  MappedMemory& operator=(MappedMemory&& other) noexcept;
  ~MappedMemory();

  bool empty() const { return words_ == 0; }
  size_t bytes() const { return words_ * sizeof(uint64_t); }
  std::span<uint64_t> words() const { return {data_, words_}; }
  // How much of it lay in huge pages when this was first asked (after the first touch, if the answer is to mean anything).
  size_t huge_bytes() const;

 private:
  void* mapping_ = nullptr;
  size_t mapped_bytes_ = 0;
  uint64_t* data_ = nullptr;  // within the mapping
  size_t words_ = 0;
  mutable std::optional<size_t> huge_bytes_;
};

// How many bytes of [first, first + bytes) lie in huge pages, by the text of /proc/self/smaps: all of the mappings that overlap it.
size_t huge_page_bytes(std::string_view smaps, uint64_t first, uint64_t bytes);

}  // namespace assay::probes::host
