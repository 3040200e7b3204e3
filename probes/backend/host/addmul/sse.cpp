// SPDX-License-Identifier: Apache-2.0
#include <immintrin.h>

#include "probes/backend/host/addmul/variants.h"
#include "probes/catalogue/addmul.h"

namespace assay::probes::host {
namespace {

struct Vector {
  using Register = __m128i;
  static constexpr uint32_t kWords = 2;
  static constexpr uint32_t kTogether = 4;
  static Register load(const uint64_t* from) { return _mm_load_si128(reinterpret_cast<const __m128i*>(from)); }
  static void store(uint64_t* to, Register value) { _mm_store_si128(reinterpret_cast<__m128i*>(to), value); }
};

struct Doubles : Vector {
  static __m128d number(Register bits) { return _mm_castsi128_pd(bits); }
  static Register bits(__m128d number) { return _mm_castpd_si128(number); }
  static Register window(Register w) {
    return _mm_or_si128(_mm_and_si128(w, _mm_set1_epi64x(static_cast<int64_t>(addmul::kKeepF64))),
                        _mm_set1_epi64x(static_cast<int64_t>(addmul::kSetF64)));
  }
  static Register add(Register x, Register y) { return bits(_mm_add_pd(number(x), number(y))); }
  static Register subtract(Register x, Register y) { return bits(_mm_sub_pd(number(x), number(y))); }
  static Register multiply(Register x, Register y) { return bits(_mm_mul_pd(number(x), number(y))); }
  static Register fold(Register w, Register y) {
    // Rotating by 24 bits is a permutation of bytes.
    const Register rotate = _mm_setr_epi8(5, 6, 7, 0, 1, 2, 3, 4, 13, 14, 15, 8, 9, 10, 11, 12);
    return _mm_shuffle_epi8(_mm_add_epi64(w, y), rotate);
  }
};

struct Floats : Vector {
  static __m128 number(Register bits) { return _mm_castsi128_ps(bits); }
  static Register bits(__m128 number) { return _mm_castps_si128(number); }
  static Register window(Register w) {
    return _mm_or_si128(_mm_and_si128(w, _mm_set1_epi32(static_cast<int32_t>(addmul::kKeepF32))),
                        _mm_set1_epi32(static_cast<int32_t>(addmul::kSetF32)));
  }
  static Register add(Register x, Register y) { return bits(_mm_add_ps(number(x), number(y))); }
  static Register subtract(Register x, Register y) { return bits(_mm_sub_ps(number(x), number(y))); }
  static Register multiply(Register x, Register y) { return bits(_mm_mul_ps(number(x), number(y))); }
  static Register fold(Register w, Register y) {
    // Rotating by 8 bits is a permutation of bytes.
    const Register rotate = _mm_setr_epi8(3, 0, 1, 2, 7, 4, 5, 6, 11, 8, 9, 10, 15, 12, 13, 14);
    return _mm_shuffle_epi8(_mm_add_epi32(w, y), rotate);
  }
};

#include "probes/backend/host/addmul/chain.inl"

}  // namespace

void addmul_f64_sse(uint64_t* state, const uint64_t* params, uint32_t) {
  addmul_chain<Doubles>(state, params);
}
void addmul_f32_sse(uint64_t* state, const uint64_t* params, uint32_t) {
  addmul_chain<Floats>(state, params);
}

}  // namespace assay::probes::host
