// SPDX-License-Identifier: Apache-2.0
// Gathers load; AVX2 has no scatter, so lanes are stored one by one.
#include <immintrin.h>

#include "probes/backend/host/gather/variants.h"
#include "probes/catalogue/gather.h"

namespace assay::probes::host {
namespace {

inline __m256i load(const uint64_t* from) {
  return _mm256_load_si256(reinterpret_cast<const __m256i*>(from));
}
inline void store(uint64_t* to, __m256i v) {
  _mm256_store_si256(reinterpret_cast<__m256i*>(to), v);
}
inline __m256i fold(__m256i v, __m256i with) {
  const __m256i sum = _mm256_add_epi64(v, with);
  return _mm256_or_si256(_mm256_slli_epi64(sum, 24), _mm256_srli_epi64(sum, 40));
}

inline __m256i gather_words(const uint64_t* table, __m256i index, __m256i mask, __m256i otherwise) {
  return _mm256_mask_i64gather_epi64(otherwise, reinterpret_cast<const long long*>(table), index, mask, 8);
}
inline __m128i gather_halves(const uint64_t* table, __m256i index) {
  const __m128i all = _mm_set1_epi32(-1);
  return _mm256_mask_i64gather_epi32(_mm_setzero_si128(), reinterpret_cast<const int*>(table), index, all, 4);
}
inline void scatter_words(uint64_t* table, __m256i index, __m256i v) {
  alignas(32) uint64_t at[4];
  alignas(32) uint64_t word[4];
  store(at, index);
  store(word, v);
  for (int l = 0; l < 4; ++l) table[at[l]] = word[l];
}
inline void scatter_halves(uint64_t* table, __m256i index, __m128i v) {
  alignas(32) uint64_t at[4];
  alignas(16) uint32_t half[4];
  store(at, index);
  _mm_store_si128(reinterpret_cast<__m128i*>(half), v);
  for (int l = 0; l < 4; ++l) __builtin_memcpy(reinterpret_cast<char*>(table) + 4 * at[l], &half[l], sizeof half[l]);
}

constexpr int kRegisters = 4;  // of four lanes

// The first word of the rows of four lanes from 4 v on.
inline __m256i rows(int v) {
  return _mm256_add_epi64(_mm256_set_epi64x(192, 128, 64, 0), _mm256_set1_epi64x(256 * v));
}

inline void iterate(__m256i* x, __m256i* h, uint64_t* table, const uint64_t* c) {
  const __m256i all = _mm256_set1_epi64x(-1);
#pragma GCC unroll 4
  for (int v = 0; v < kRegisters; ++v) {
    const __m256i odd = _mm256_slli_epi64(h[v], 63);  // the top bit is the mask
    x[v] = fold(x[v], gather_words(table, _mm256_srli_epi64(h[v], 54), odd, load(c + 4 * v)));
  }
#pragma GCC unroll 4
  for (int v = 0; v < kRegisters; ++v) {
    const __m256i index = _mm256_and_si256(x[v], _mm256_set1_epi64x(2047));
    h[v] = fold(h[v], _mm256_cvtepu32_epi64(gather_halves(table, index)));
  }
#pragma GCC unroll 4
  for (int v = 0; v < kRegisters; ++v) {
    const __m256i index = _mm256_add_epi64(rows(v), _mm256_srli_epi64(x[v], 58));
    const __m256i old = gather_words(table, index, all, all);
    h[v] = fold(h[v], old);
    scatter_words(table, index, fold(old, x[v]));
  }
#pragma GCC unroll 4
  for (int v = 0; v < kRegisters; ++v) {
    const __m256i index = _mm256_add_epi64(_mm256_slli_epi64(rows(v), 1), _mm256_srli_epi64(h[v], 57));
    const __m128i old = gather_halves(table, index);
    x[v] = fold(x[v], _mm256_cvtepu32_epi64(old));
    // The low halves of the four words of h.
    const __m256i low = _mm256_permutevar8x32_epi32(h[v], _mm256_setr_epi32(0, 2, 4, 6, 0, 2, 4, 6));
    const __m128i sum = _mm_add_epi32(old, _mm256_castsi256_si128(low));
    scatter_halves(table, index, _mm_or_si128(_mm_slli_epi32(sum, 11), _mm_srli_epi32(sum, 21)));
  }
}

}  // namespace

void gather_avx2(uint64_t* state, const uint64_t* params, uint32_t) {
  using namespace gather;
  __m256i x[kRegisters];
  __m256i h[kRegisters];
  for (int v = 0; v < kRegisters; ++v) {
    x[v] = load(state + 4 * v);
    h[v] = load(state + kLanes + 4 * v);
  }
  for (uint32_t i = 0; i < kIterations; ++i) iterate(x, h, state + kTableWord, params + (i % kRounds) * kLanes);
  for (int v = 0; v < kRegisters; ++v) {
    store(state + 4 * v, x[v]);
    store(state + kLanes + 4 * v, h[v]);
  }
}

}  // namespace assay::probes::host
