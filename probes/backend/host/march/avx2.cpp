// SPDX-License-Identifier: Apache-2.0
#include <immintrin.h>

#include "probes/backend/host/march/pass.h"
#include "probes/backend/host/march/variants.h"
#include "probes/catalogue/march.h"

namespace assay::probes::host {
namespace {

struct Vector {
  using Register = __m256i;
  static constexpr uint32_t kWords = 4;
  static Register zero() { return _mm256_setzero_si256(); }
  static Register all(uint64_t word) { return _mm256_set1_epi64x(static_cast<int64_t>(word)); }
  static Register ramp(uint64_t seed, uint64_t stride) {
    return _mm256_setr_epi64x(static_cast<int64_t>(seed), static_cast<int64_t>(seed + stride),
                              static_cast<int64_t>(seed + 2 * stride), static_cast<int64_t>(seed + 3 * stride));
  }
  static Register load(const uint64_t* from) { return _mm256_load_si256(reinterpret_cast<const __m256i*>(from)); }
  static void store(uint64_t* to, Register value) { _mm256_store_si256(reinterpret_cast<__m256i*>(to), value); }
  static void stream(uint64_t* to, Register value) { _mm256_stream_si256(reinterpret_cast<__m256i*>(to), value); }
  static Register add(Register a, Register b) { return _mm256_add_epi64(a, b); }
  static Register fold(Register v) { return _mm256_xor_si256(v, _mm256_srli_epi64(v, 32)); }
  static Register flip(Register a, Register b) { return _mm256_xor_si256(a, b); }
  static Register collect(Register o, Register a, Register b) { return _mm256_or_si256(o, _mm256_xor_si256(a, b)); }
  static Register mix(Register d, Register r) {
    // Rotating by 24 bits is a permutation of bytes.
    const Register rotate = _mm256_setr_epi8(5, 6, 7, 0, 1, 2, 3, 4, 13, 14, 15, 8, 9, 10, 11, 12,  //
                                             5, 6, 7, 0, 1, 2, 3, 4, 13, 14, 15, 8, 9, 10, 11, 12);
    return _mm256_shuffle_epi8(_mm256_add_epi64(d, r), rotate);
  }
  static void fence() { _mm_sfence(); }
};

#include "probes/backend/host/march/pass.inl"

}  // namespace

void march_avx2(uint64_t* memory, uint64_t* output, const MarchPass& pass) {
  march_pass<Vector>(memory, output, pass);
}

}  // namespace assay::probes::host
