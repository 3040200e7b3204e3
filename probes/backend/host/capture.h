// SPDX-License-Identifier: Apache-2.0
// The outputs of one run, kept step by step while they are small enough, so that after a mismatch the wrong words themselves are
// at hand and need not be wrong a second time. Where they are too large, the digest after each step is kept instead.
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "common/base/digest.h"

namespace assay::probes::host {

// The running digest of one run and what it was made of. Movable. One thread at a time.
class Capture {
 public:
  static constexpr uint32_t kAllSteps = std::numeric_limits<uint32_t>::max();

  // Keeps the words of every step, or of one step alone, while they take no more than `limit_bytes`.
  explicit Capture(uint64_t limit_bytes = 0, uint32_t only_step = kAllSteps) : limit_bytes_(limit_bytes), only_step_(only_step) {}

  // Starts a run of that shape. Memory is had once and used again while the shape is the same; may throw std::bad_alloc.
  void begin(uint32_t steps, size_t words_per_step);
  // Takes the outputs of the next step and leaves `poison` in each of their words: digested, kept and poisoned in one pass, while they are near.
  void add(std::span<uint64_t> output, uint64_t poison);

  Digest digest() const { return digest_.value(); }
  // Whether the words of all steps so far are kept.
  bool keeps_all() const { return !words_.empty() && only_step_ == kAllSteps; }
  // What was kept; empty when it was too large.
  std::span<const uint64_t> words() const { return std::span(words_).first(used_); }
  // The step that words() begin with.
  uint32_t first_step() const { return only_step_ == kAllSteps ? 0 : only_step_; }
  size_t words_per_step() const { return words_per_step_; }
  // The digest over the outputs of steps 0..i; empty when the words of all steps are kept instead.
  const std::vector<Digest>& prefixes() const { return prefixes_; }

 private:
  bool keeps(uint32_t step) const { return !words_.empty() && (only_step_ == kAllSteps || only_step_ == step); }

  uint64_t limit_bytes_;
  uint32_t only_step_;
  uint32_t step_ = 0;
  size_t words_per_step_ = 0;
  std::vector<uint64_t> words_;
  size_t used_ = 0;
  std::vector<Digest> prefixes_;
  Digest128 digest_;
};

}  // namespace assay::probes::host
