// SPDX-License-Identifier: Apache-2.0
// Digest128 (common/base/digest.h) of the outputs of one run, computed by the first eight lanes of a team: each carries one of its lanes.
#ifndef ASSAY_DIGEST_INL
#define ASSAY_DIGEST_INL

#define ASSAY_DIGEST_MULTIPLIER 0x9E3779B97F4A7C15ul
#define ASSAY_DIGEST_STEP 0xD1B54A32D192ED03ul

ASSAY_FN assay_u64 assay_digest_start(assay_u64 seed) { return seed ^ ASSAY_DIGEST_STEP; }

ASSAY_FN assay_u64 assay_digest_add(assay_u64 state, assay_u64 word) {
  const assay_u64 z = (state ^ word) * ASSAY_DIGEST_MULTIPLIER + ASSAY_DIGEST_STEP;
  return (z << 29) | (z >> 35);
}

ASSAY_FN assay_u64 assay_digest_value(assay_u64 z) {
  z = (z ^ (z >> 33)) * 0xFF51AFD7ED558CCDul;
  z = (z ^ (z >> 33)) * 0xC4CEB9FE1A85EC53ul;
  return z ^ (z >> 33);
}

// The eight lanes' states, and how many words they took in, to one half of the digest; `backwards` for the low one.
ASSAY_FN assay_u64 assay_digest_half(ASSAY_LOCAL const assay_u64* lanes, assay_u64 count, assay_u64 seed, assay_u32 backwards) {
  assay_u64 state = assay_digest_start(seed);
  for (assay_u32 k = 0; k < 8; ++k) {
    state = assay_digest_add(state, assay_digest_value(lanes[backwards != 0 ? 7 - k : k]));
  }
  return assay_digest_value(assay_digest_add(state, count));
}

#endif
