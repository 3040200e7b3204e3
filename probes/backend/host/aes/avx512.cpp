// SPDX-License-Identifier: Apache-2.0
#include <immintrin.h>

#include "probes/backend/host/aes/variants.h"
#include "probes/catalogue/aes.h"

namespace assay::probes::host {
namespace {

#include "probes/backend/host/aes/ni_key.inl"

constexpr uint32_t kRegisters = aes::kBlocks / 4;

}  // namespace

// VAES on 512-bit registers, four blocks each.
void aes_avx512(uint64_t* state, const uint64_t* params, uint32_t step) {
  __m128i narrow[11];
  expand_key(params + 2 * (step % aes::kKeys), narrow);
  __m512i keys[11];
  for (int round = 0; round < 11; ++round) keys[round] = _mm512_broadcast_i32x4(narrow[round]);
  __m512i block[kRegisters];
#pragma GCC unroll 4
  for (uint32_t b = 0; b < kRegisters; ++b) block[b] = _mm512_load_si512(state + 8 * b);
  for (uint32_t i = 0; i < aes::kIterations; ++i) {
#pragma GCC unroll 4
    for (uint32_t b = 0; b < kRegisters; ++b) block[b] = _mm512_xor_si512(block[b], keys[0]);
#pragma GCC unroll 9
    for (int round = 1; round < 10; ++round) {
#pragma GCC unroll 4
      for (uint32_t b = 0; b < kRegisters; ++b) block[b] = _mm512_aesenc_epi128(block[b], keys[round]);
    }
#pragma GCC unroll 4
    for (uint32_t b = 0; b < kRegisters; ++b) block[b] = _mm512_aesenclast_epi128(block[b], keys[10]);
  }
#pragma GCC unroll 4
  for (uint32_t b = 0; b < kRegisters; ++b) _mm512_store_si512(state + 8 * b, block[b]);
}

}  // namespace assay::probes::host
