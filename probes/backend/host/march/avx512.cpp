// SPDX-License-Identifier: Apache-2.0
#include <immintrin.h>

#include "probes/backend/host/march/pass.h"
#include "probes/backend/host/march/variants.h"
#include "probes/catalogue/march.h"

namespace assay::probes::host {
namespace {

// o | (a xor b) in one instruction: the truth table of A | (B ^ C).
constexpr int kOrXor = 0xF6;

struct Vector {
  using Register = __m512i;
  static constexpr uint32_t kWords = 8;
  static Register zero() { return _mm512_setzero_si512(); }
  static Register all(uint64_t word) { return _mm512_set1_epi64(static_cast<int64_t>(word)); }
  static Register ramp(uint64_t seed, uint64_t stride) {
    return _mm512_add_epi64(all(seed), _mm512_mullo_epi64(all(stride), _mm512_setr_epi64(0, 1, 2, 3, 4, 5, 6, 7)));
  }
  static Register load(const uint64_t* from) { return _mm512_load_si512(from); }
  static void store(uint64_t* to, Register value) { _mm512_store_si512(to, value); }
  static void stream(uint64_t* to, Register value) { _mm512_stream_si512(reinterpret_cast<__m512i*>(to), value); }
  static Register add(Register a, Register b) { return _mm512_add_epi64(a, b); }
  static Register fold(Register v) { return _mm512_xor_si512(v, _mm512_srli_epi64(v, 32)); }
  static Register flip(Register a, Register b) { return _mm512_xor_si512(a, b); }
  static Register collect(Register o, Register a, Register b) { return _mm512_ternarylogic_epi64(o, a, b, kOrXor); }
  static Register mix(Register d, Register r) { return _mm512_rol_epi64(_mm512_add_epi64(d, r), 24); }
  static void fence() { _mm_sfence(); }
};

#include "probes/backend/host/march/pass.inl"

}  // namespace

void march_avx512(uint64_t* memory, uint64_t* output, const MarchPass& pass) {
  march_pass<Vector>(memory, output, pass);
}

}  // namespace assay::probes::host
