// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/host/capture.h"

#include <algorithm>
#if defined(__x86_64__)
#include <emmintrin.h>
#endif
#include <cstring>

#include "common/base/check.h"

namespace assay::probes::host {
namespace {

constexpr size_t kBlockWords = 256;
// What is more than this goes past the caches: it would push out what the kernel works on, and is read after a mismatch only. Second-level caches
// of server cores have 1 to 2 MiB. Measured with gemm.fp64.grid (2.3 MiB): 1.5 % of its time less; below the limit it costs more than it saves.
constexpr size_t kStreamedBytes = size_t{1} << 20;

void stream(std::span<const uint64_t> from, uint64_t* to) {
#if defined(__x86_64__)
  size_t i = 0;
  for (; i + 2 <= from.size() && reinterpret_cast<uintptr_t>(to) % sizeof(__m128i) == 0; i += 2) {
    _mm_stream_si128(reinterpret_cast<__m128i*>(to + i), _mm_loadu_si128(reinterpret_cast<const __m128i*>(from.data() + i)));
  }
  std::copy(from.begin() + static_cast<std::ptrdiff_t>(i), from.end(), to + i);
#else
  std::copy(from.begin(), from.end(), to);
#endif
}

}  // namespace

void Capture::begin(uint32_t steps, size_t words_per_step) {
  digest_ = Digest128();
  step_ = 0;
  used_ = 0;
  prefixes_.clear();
  words_per_step_ = words_per_step;
  const size_t words = words_per_step * (only_step_ == kAllSteps ? steps : 1);
  words_.resize(words <= limit_bytes_ / sizeof(uint64_t) ? words : 0);
  if (!keeps_all()) prefixes_.reserve(steps);
}

void Capture::add(std::span<const uint64_t> output) {
  if (keeps(step_)) {
    ASSAY_CHECK(used_ + output.size() <= words_.size());
    const std::span<uint64_t> copy = std::span(words_).subspan(used_, output.size());
    used_ += output.size();
    // In blocks that are still in the first-level cache; what is digested is what is kept, where it is near.
    const bool streams = words_.size() * sizeof(uint64_t) > kStreamedBytes;
    for (size_t at = 0; at < output.size(); at += kBlockWords) {
      const size_t count = std::min(kBlockWords, output.size() - at);
      const std::span<const uint64_t> block = output.subspan(at, count);
      if (streams) {
        stream(block, copy.data() + at);
        digest_.add(block);
      } else {
        std::memcpy(copy.data() + at, block.data(), block.size_bytes());
        digest_.add(copy.subspan(at, count));
      }
    }
  } else {
    digest_.add(output);
  }
  if (!keeps_all()) prefixes_.push_back(digest_.value());
  ++step_;
}

}  // namespace assay::probes::host
