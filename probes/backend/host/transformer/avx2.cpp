// SPDX-License-Identifier: Apache-2.0
#include <immintrin.h>

#include "probes/backend/host/transformer/variants.h"
#include "probes/catalogue/transformer.h"

namespace assay::probes::host {
namespace {

// A block is two registers.
struct Vector {
  struct Block {
    __m256 low;
    __m256 high;
  };
  static Block broadcast(float x) { return {_mm256_set1_ps(x), _mm256_set1_ps(x)}; }
  static Block zero() { return broadcast(0.0F); }
  static Block load(const void* from) {
    const auto* at = static_cast<const __m256*>(from);
    return {at[0], at[1]};
  }
  static void store(void* to, Block x) {
    auto* at = static_cast<__m256*>(to);
    at[0] = x.low;
    at[1] = x.high;
  }
  static Block add(Block a, Block b) { return {_mm256_add_ps(a.low, b.low), _mm256_add_ps(a.high, b.high)}; }
  static Block subtract(Block a, Block b) { return {_mm256_sub_ps(a.low, b.low), _mm256_sub_ps(a.high, b.high)}; }
  static Block multiply(Block a, Block b) { return {_mm256_mul_ps(a.low, b.low), _mm256_mul_ps(a.high, b.high)}; }
  static Block divide(Block a, Block b) { return {_mm256_div_ps(a.low, b.low), _mm256_div_ps(a.high, b.high)}; }
  static Block fused(Block a, Block b, Block c) {
    return {_mm256_fmadd_ps(a.low, b.low, c.low), _mm256_fmadd_ps(a.high, b.high, c.high)};
  }
  static Block root(Block a) { return {_mm256_sqrt_ps(a.low), _mm256_sqrt_ps(a.high)}; }
  // MAXPS gives its second operand unless the first is greater (Intel SDM vol. 2).
  static Block greater(Block a, Block b) { return {_mm256_max_ps(a.low, b.low), _mm256_max_ps(a.high, b.high)}; }
  static float tree(Block x) {
    const __m256 eight = _mm256_add_ps(x.low, x.high);
    const __m128 four = _mm_add_ps(_mm256_castps256_ps128(eight), _mm256_extractf128_ps(eight, 1));
    const __m128 two = _mm_add_ps(four, _mm_movehl_ps(four, four));
    return _mm_cvtss_f32(_mm_add_ss(two, _mm_movehdup_ps(two)));
  }
  static float treemax(Block x) {
    const __m256 eight = _mm256_max_ps(x.low, x.high);
    const __m128 four = _mm_max_ps(_mm256_castps256_ps128(eight), _mm256_extractf128_ps(eight, 1));
    const __m128 two = _mm_max_ps(four, _mm_movehl_ps(four, four));
    return _mm_cvtss_f32(_mm_max_ss(two, _mm_movehdup_ps(two)));
  }
  static __m256 scale(__m256 x, __m256 sum) {
    return _mm256_castsi256_ps(
        _mm256_add_epi32(_mm256_castps_si256(x), _mm256_slli_epi32(_mm256_castps_si256(sum), 23)));
  }
  static Block scale(Block x, Block sum) { return {scale(x.low, sum.low), scale(x.high, sum.high)}; }
  static __m256 split(__m256 x, __m256& e) {
    const __m256i bits = _mm256_castps_si256(x);
    const __m256i root_half = _mm256_set1_epi32(static_cast<int32_t>(transformer::kRootHalf));
    const __m256i exponent = _mm256_srai_epi32(_mm256_sub_epi32(bits, root_half), 23);
    e = _mm256_cvtepi32_ps(exponent);
    return _mm256_castsi256_ps(_mm256_sub_epi32(bits, _mm256_slli_epi32(exponent, 23)));
  }
  static Block split(Block x, Block& e) { return {split(x.low, e.low), split(x.high, e.high)}; }
};

#include "probes/backend/host/transformer/step.inl"

}  // namespace

void transformer_avx2(uint64_t* state, const uint64_t* params, uint32_t) {
  transformer_step<Vector>(state, params);
}

}  // namespace assay::probes::host
