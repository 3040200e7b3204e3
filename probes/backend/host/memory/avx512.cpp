// SPDX-License-Identifier: Apache-2.0
#include <immintrin.h>

#include "probes/backend/host/memory/pass.h"
#include "probes/backend/host/memory/variants.h"

namespace assay::probes::host {
namespace {

// Truth tables of three operands A, B, C: A | (B ^ C) and A ^ B ^ C in one instruction.
constexpr int kOrXor = 0xF6;
constexpr int kXorXor = 0x96;

struct Vector {
  using Register = __m512i;
  static constexpr uint32_t kWords = 8;
  static Register all(uint64_t word) { return _mm512_set1_epi64(static_cast<int64_t>(word)); }
  static Register load(const uint64_t* from) { return _mm512_load_si512(from); }
  static void store(uint64_t* to, Register value) { _mm512_store_si512(to, value); }
  static void stream(uint64_t* to, Register value) { _mm512_stream_si512(reinterpret_cast<__m512i*>(to), value); }
  static Register add(Register a, Register b) { return _mm512_add_epi64(a, b); }
  static Register fold(Register v, Register f) { return _mm512_ternarylogic_epi64(v, _mm512_srli_epi64(v, 32), f, kXorXor); }
  static Register flip(Register a, Register b) { return _mm512_xor_si512(a, b); }
  static Register rotate(Register v, Register n) { return _mm512_rolv_epi64(v, n); }
  static Register scramble(Register v) { return flip(_mm512_mul_epu32(v, _mm512_srli_epi64(v, 32)), v); }
  static Register collect(Register o, Register a, Register b) { return _mm512_ternarylogic_epi64(o, a, b, kOrXor); }
  static Register mix(Register d, Register r) { return _mm512_rol_epi64(_mm512_add_epi64(d, r), 24); }
};

#include "probes/backend/host/memory/pass.inl"

}  // namespace

MemoryFunction memory_avx512(MemoryLoop loop) { return memory_loop<Vector>(loop); }
void memory_strides_avx512(uint64_t* memory, uint64_t* output, const MemoryStrides& strides) {
  memory_strides<Vector>(memory, output, strides);
}

}  // namespace assay::probes::host
