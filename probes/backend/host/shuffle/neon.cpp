// SPDX-License-Identifier: Apache-2.0
#include <arm_neon.h>

#include "probes/backend/host/shuffle/variants.h"
#include "probes/catalogue/shuffle.h"

namespace assay::probes::host {
namespace {

inline uint8x16_t load(const uint64_t* from) {
  return vreinterpretq_u8_u64(vld1q_u64(from));
}

// Byte indices for TBL out of four lane indices: lane 4k..4k+3 for each.
inline uint8x16_t lane_bytes(const uint64_t* lanes) {
  const uint32x4_t index = vreinterpretq_u32_u64(vld1q_u64(lanes));
  return vreinterpretq_u8_u32(vaddq_u32(vmulq_n_u32(index, 0x04040404), vdupq_n_u32(0x03020100)));
}

struct Half {
  uint8x16x2_t bytes;
};

// Steps 1 and 2 on one half of a vector.
inline Half permute(const uint64_t* x, const uint64_t* bytes, const uint64_t* lanes) {
  uint8x16x2_t moved;
  moved.val[0] = vqtbl1q_u8(load(x), load(bytes));
  moved.val[1] = vqtbl1q_u8(load(x + 2), load(bytes + 2));
  Half half;
  half.bytes.val[0] = vqtbl2q_u8(moved, lane_bytes(lanes));
  half.bytes.val[1] = vqtbl2q_u8(moved, lane_bytes(lanes + 2));
  return half;
}

void iterate(uint64_t* x, const uint64_t* round) {
  const Half low = permute(x, round, round + shuffle::kLaneIndexWord);
  const Half high = permute(x + 4, round + 4, round + shuffle::kLaneIndexWord + 4);
  const uint64_t* constants = round + shuffle::kConstantWord;
  for (int i = 0; i < 2; ++i) {
    const uint64x2_t a = vreinterpretq_u64_u8(low.bytes.val[i]);
    const uint64x2_t b = vreinterpretq_u64_u8(high.bytes.val[i]);
    vst1q_u64(x + 4 * i, vaddq_u64(vzip1q_u64(a, b), vld1q_u64(constants + 4 * i)));
    vst1q_u64(x + 4 * i + 2, vaddq_u64(vzip2q_u64(a, b), vld1q_u64(constants + 4 * i + 2)));
  }
}

}  // namespace

void shuffle_neon(uint64_t* state, const uint64_t* params, uint32_t) {
  using namespace shuffle;
  for (uint32_t i = 0; i < kIterations; ++i) {
    const uint64_t* round = params + (i % kRounds) * kRoundWords;
    for (uint32_t v = 0; v < kVectors; ++v) iterate(state + v * kWordsPerVector, round);
  }
}

}  // namespace assay::probes::host
