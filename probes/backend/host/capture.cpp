// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/host/capture.h"

#include <algorithm>
#include <cstring>

#include "common/base/check.h"

namespace assay::probes::host {
namespace {

constexpr size_t kBlockWords = 1024;

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

std::span<const uint64_t> Capture::add(std::span<const uint64_t> output) {
  std::span<const uint64_t> digested = output;
  if (keeps(step_)) {
    ASSAY_CHECK(used_ + output.size() <= words_.size());
    const std::span<uint64_t> copy = std::span(words_).subspan(used_, output.size());
    used_ += output.size();
    digested = copy;
    // What is digested is what is kept; in blocks that are still in the first-level cache.
    for (size_t at = 0; at < output.size(); at += kBlockWords) {
      const size_t count = std::min(kBlockWords, output.size() - at);
      std::memcpy(copy.data() + at, output.data() + at, count * sizeof(uint64_t));
      digest_.add(copy.subspan(at, count));
    }
  } else {
    digest_.add(digested);
  }
  if (!keeps_all()) prefixes_.push_back(digest_.value());
  ++step_;
  return digested;
}

}  // namespace assay::probes::host
