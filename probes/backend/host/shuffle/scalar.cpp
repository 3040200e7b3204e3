// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/host/shuffle/variants.h"
#include "probes/catalogue/shuffle.h"

namespace assay::probes::host {
namespace {

constexpr uint32_t kBytes = 8 * shuffle::kWordsPerVector;

void iterate(uint64_t* x, const uint64_t* round) {
  uint8_t from[kBytes];
  uint8_t index[kBytes];
  uint32_t lane_index[kBytes / 4];
  __builtin_memcpy(from, x, kBytes);
  __builtin_memcpy(index, round, kBytes);
  __builtin_memcpy(lane_index, round + shuffle::kLaneIndexWord, kBytes);
  uint8_t moved[kBytes];
  for (uint32_t j = 0; j < kBytes; ++j) moved[j] = from[(j & ~15U) + index[j]];
  uint32_t lanes[kBytes / 4];
  __builtin_memcpy(lanes, moved, kBytes);
  uint32_t permuted[kBytes / 4];
  for (uint32_t j = 0; j < kBytes / 4; ++j) permuted[j] = lanes[(j & ~7U) + lane_index[j]];
  uint64_t words[shuffle::kWordsPerVector];
  __builtin_memcpy(words, permuted, kBytes);
  for (uint32_t j = 0; j < 4; ++j) {
    x[2 * j] = words[j] + round[shuffle::kConstantWord + 2 * j];
    x[2 * j + 1] = words[4 + j] + round[shuffle::kConstantWord + 2 * j + 1];
  }
}

}  // namespace

void shuffle_scalar(uint64_t* state, const uint64_t* params, uint32_t) {
  using namespace shuffle;
  for (uint32_t i = 0; i < kIterations; ++i) {
    const uint64_t* round = params + (i % kRounds) * kRoundWords;
    for (uint32_t v = 0; v < kVectors; ++v) iterate(state + v * kWordsPerVector, round);
  }
}

}  // namespace assay::probes::host
