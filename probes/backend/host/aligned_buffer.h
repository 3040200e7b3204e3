// SPDX-License-Identifier: Apache-2.0
// Words of memory aligned to a page for vector loads, non-temporal stores and stable timing.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <memory>
#include <span>

namespace assay::probes::host {

// Owns `words` 64-bit words (contents undefined), aligned to 4 KiB; empty when the memory cannot be had.
class AlignedBuffer {
 public:
  static constexpr size_t kAlignment = 4096;

  AlignedBuffer() = default;
  explicit AlignedBuffer(size_t words) {
    const size_t bytes = (words * sizeof(uint64_t) + kAlignment - 1) / kAlignment * kAlignment;
    data_.reset(static_cast<uint64_t*>(std::aligned_alloc(kAlignment, bytes)));
    words_ = data_ ? words : 0;
  }

  bool empty() const { return words_ == 0; }
  uint64_t* data() const { return data_.get(); }
  std::span<uint64_t> span() const { return {data_.get(), words_}; }

 private:
  struct Free {
    void operator()(uint64_t* memory) const { std::free(memory); }
  };
  std::unique_ptr<uint64_t, Free> data_;
  size_t words_ = 0;
};

}  // namespace assay::probes::host
