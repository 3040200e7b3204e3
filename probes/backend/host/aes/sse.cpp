// SPDX-License-Identifier: Apache-2.0
#include <immintrin.h>

#include "probes/backend/host/aes/variants.h"
#include "probes/catalogue/aes.h"

namespace assay::probes::host {
namespace {

#include "probes/backend/host/aes/ni_key.inl"

constexpr uint32_t kTogether = 8;  // blocks in flight: latency of a round times two a cycle

void encrypt(const __m128i* keys, uint64_t* state) {
  auto* memory = reinterpret_cast<__m128i*>(state);
  __m128i block[kTogether];
#pragma GCC unroll 8
  for (uint32_t b = 0; b < kTogether; ++b) block[b] = _mm_load_si128(memory + b);
  for (uint32_t i = 0; i < aes::kIterations; ++i) {
#pragma GCC unroll 8
    for (uint32_t b = 0; b < kTogether; ++b) block[b] = _mm_xor_si128(block[b], keys[0]);
#pragma GCC unroll 9
    for (int round = 1; round < 10; ++round) {
#pragma GCC unroll 8
      for (uint32_t b = 0; b < kTogether; ++b) block[b] = _mm_aesenc_si128(block[b], keys[round]);
    }
#pragma GCC unroll 8
    for (uint32_t b = 0; b < kTogether; ++b) block[b] = _mm_aesenclast_si128(block[b], keys[10]);
  }
#pragma GCC unroll 8
  for (uint32_t b = 0; b < kTogether; ++b) _mm_store_si128(memory + b, block[b]);
}

}  // namespace

// AES-NI on 128-bit registers.
void aes_sse(uint64_t* state, const uint64_t* params, uint32_t step) {
  __m128i keys[11];
  expand_key(params + 2 * (step % aes::kKeys), keys);
  for (uint32_t block = 0; block < aes::kBlocks; block += kTogether) encrypt(keys, state + 2 * block);
}

}  // namespace assay::probes::host
