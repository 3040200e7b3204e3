// SPDX-License-Identifier: Apache-2.0
#include <immintrin.h>

#include "probes/backend/host/shuffle/variants.h"
#include "probes/catalogue/shuffle.h"

namespace assay::probes::host {
namespace {

inline __m256i load(const uint64_t* from) {
  return _mm256_load_si256(reinterpret_cast<const __m256i*>(from));
}
inline void store(uint64_t* to, __m256i v) {
  _mm256_store_si256(reinterpret_cast<__m256i*>(to), v);
}

// One iteration on the two halves of a vector: VPSHUFB, VPERMD, VPUNPCKxQDQ with VPERM2I128, VPADDQ.
inline void iterate(__m256i& low, __m256i& high, const uint64_t* round) {
  const uint64_t* lanes = round + shuffle::kLaneIndexWord;
  const uint64_t* constants = round + shuffle::kConstantWord;
  const __m256i a = _mm256_permutevar8x32_epi32(_mm256_shuffle_epi8(low, load(round)), load(lanes));
  const __m256i b = _mm256_permutevar8x32_epi32(_mm256_shuffle_epi8(high, load(round + 4)), load(lanes + 4));
  const __m256i even = _mm256_unpacklo_epi64(a, b);  // a0 b0 a2 b2
  const __m256i odd = _mm256_unpackhi_epi64(a, b);   // a1 b1 a3 b3
  low = _mm256_add_epi64(_mm256_permute2x128_si256(even, odd, 0x20), load(constants));
  high = _mm256_add_epi64(_mm256_permute2x128_si256(even, odd, 0x31), load(constants + 4));
}

constexpr uint32_t kTogether = 4;  // vectors, in eight registers

void run(uint64_t* state, const uint64_t* params) {
  using namespace shuffle;
  __m256i x[2 * kTogether];
#pragma GCC unroll 8
  for (uint32_t v = 0; v < 2 * kTogether; ++v) x[v] = load(state + 4 * v);
  for (uint32_t i = 0; i < kIterations; ++i) {
    const uint64_t* round = params + (i % kRounds) * kRoundWords;
#pragma GCC unroll 8
    for (uint32_t v = 0; v < kTogether; ++v) iterate(x[2 * v], x[2 * v + 1], round);
  }
#pragma GCC unroll 8
  for (uint32_t v = 0; v < 2 * kTogether; ++v) store(state + 4 * v, x[v]);
}

}  // namespace

void shuffle_avx2(uint64_t* state, const uint64_t* params, uint32_t) {
  for (uint32_t v = 0; v < shuffle::kVectors; v += kTogether) run(state + v * shuffle::kWordsPerVector, params);
}

}  // namespace assay::probes::host
