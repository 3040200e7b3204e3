// SPDX-License-Identifier: Apache-2.0
#include <immintrin.h>

#include "probes/backend/host/transformer/variants.h"
#include "probes/catalogue/transformer.h"

namespace assay::probes::host {
namespace {

struct Vector {
  using Block = __m512;
  static Block zero() { return _mm512_setzero_ps(); }
  static Block broadcast(float x) { return _mm512_set1_ps(x); }
  static Block load(const void* from) { return _mm512_load_ps(from); }
  static void store(void* to, Block x) { _mm512_store_ps(to, x); }
  static Block add(Block a, Block b) { return _mm512_add_ps(a, b); }
  static Block subtract(Block a, Block b) { return _mm512_sub_ps(a, b); }
  static Block multiply(Block a, Block b) { return _mm512_mul_ps(a, b); }
  static Block divide(Block a, Block b) { return _mm512_div_ps(a, b); }
  static Block fused(Block a, Block b, Block c) { return _mm512_fmadd_ps(a, b, c); }
  static Block root(Block a) { return _mm512_sqrt_ps(a); }
  // MAXPS gives its second operand unless the first is greater (Intel SDM vol. 2).
  static Block greater(Block a, Block b) { return _mm512_max_ps(a, b); }
  static float tree(Block x) {
    const __m256 eight = _mm256_add_ps(_mm512_castps512_ps256(x), _mm512_extractf32x8_ps(x, 1));
    const __m128 four = _mm_add_ps(_mm256_castps256_ps128(eight), _mm256_extractf128_ps(eight, 1));
    const __m128 two = _mm_add_ps(four, _mm_movehl_ps(four, four));
    return _mm_cvtss_f32(_mm_add_ss(two, _mm_movehdup_ps(two)));
  }
  static float treemax(Block x) {
    const __m256 eight = _mm256_max_ps(_mm512_castps512_ps256(x), _mm512_extractf32x8_ps(x, 1));
    const __m128 four = _mm_max_ps(_mm256_castps256_ps128(eight), _mm256_extractf128_ps(eight, 1));
    const __m128 two = _mm_max_ps(four, _mm_movehl_ps(four, four));
    return _mm_cvtss_f32(_mm_max_ss(two, _mm_movehdup_ps(two)));
  }
  static Block scale(Block x, Block sum) {
    return _mm512_castsi512_ps(
        _mm512_add_epi32(_mm512_castps_si512(x), _mm512_slli_epi32(_mm512_castps_si512(sum), 23)));
  }
  static Block split(Block x, Block& e) {
    const __m512i bits = _mm512_castps_si512(x);
    const __m512i root_half = _mm512_set1_epi32(static_cast<int32_t>(transformer::kRootHalf));
    const __m512i exponent = _mm512_srai_epi32(_mm512_sub_epi32(bits, root_half), 23);
    e = _mm512_cvtepi32_ps(exponent);
    return _mm512_castsi512_ps(_mm512_sub_epi32(bits, _mm512_slli_epi32(exponent, 23)));
  }
};

#include "probes/backend/host/transformer/step.inl"

}  // namespace

void transformer_avx512(uint64_t* state, const uint64_t* params, uint32_t) {
  transformer_step<Vector>(state, params);
}

}  // namespace assay::probes::host
