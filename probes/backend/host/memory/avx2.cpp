// SPDX-License-Identifier: Apache-2.0
#include <immintrin.h>

#include "probes/backend/host/memory/pass.h"
#include "probes/backend/host/memory/variants.h"

namespace assay::probes::host {
namespace {

struct Vector {
  using Register = __m256i;
  static constexpr uint32_t kWords = 4;
  static Register all(uint64_t word) { return _mm256_set1_epi64x(static_cast<int64_t>(word)); }
  static Register load(const uint64_t* from) { return _mm256_load_si256(reinterpret_cast<const __m256i*>(from)); }
  static void store(uint64_t* to, Register value) { _mm256_store_si256(reinterpret_cast<__m256i*>(to), value); }
  static void stream(uint64_t* to, Register value) { _mm256_stream_si256(reinterpret_cast<__m256i*>(to), value); }
  static Register add(Register a, Register b) { return _mm256_add_epi64(a, b); }
  static Register fold(Register v, Register f) { return flip(flip(v, _mm256_srli_epi64(v, 32)), f); }
  static Register flip(Register a, Register b) { return _mm256_xor_si256(a, b); }
  static Register rotate(Register v, Register n) {
    // A shift by 64 gives 0.
    const Register back = _mm256_sub_epi64(all(64), n);
    return _mm256_or_si256(_mm256_sllv_epi64(v, n), _mm256_srlv_epi64(v, back));
  }
  static Register scramble(Register v) { return flip(_mm256_mul_epu32(v, _mm256_srli_epi64(v, 32)), v); }
  static Register collect(Register o, Register a, Register b) { return _mm256_or_si256(o, flip(a, b)); }
  static Register mix(Register d, Register r) {
    // Rotating by 24 bits is a permutation of bytes.
    const Register turned = _mm256_setr_epi8(5, 6, 7, 0, 1, 2, 3, 4, 13, 14, 15, 8, 9, 10, 11, 12,  //
                                             5, 6, 7, 0, 1, 2, 3, 4, 13, 14, 15, 8, 9, 10, 11, 12);
    return _mm256_shuffle_epi8(_mm256_add_epi64(d, r), turned);
  }
};

#include "probes/backend/host/memory/pass.inl"

}  // namespace

MemoryFunction memory_avx2(MemoryLoop loop) { return memory_loop<Vector>(loop); }
void memory_strides_avx2(uint64_t* memory, uint64_t* output, const MemoryStrides& strides) {
  memory_strides<Vector>(memory, output, strides);
}

}  // namespace assay::probes::host
