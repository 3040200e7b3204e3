// SPDX-License-Identifier: Apache-2.0
#include <arm_neon.h>

#include "probes/backend/host/aes/variants.h"
#include "probes/catalogue/aes.h"

namespace assay::probes::host {
namespace {

constexpr uint32_t kTogether = 8;  // blocks in flight

// SubWord: with all columns equal ShiftRows changes nothing, so AESE with a zero key is the S-box.
inline uint32_t substitute(uint32_t word) {
  const uint8x16_t boxed = vaeseq_u8(vreinterpretq_u8_u32(vdupq_n_u32(word)), vdupq_n_u8(0));
  return vgetq_lane_u32(vreinterpretq_u32_u8(boxed), 0);
}

void expand(const uint64_t* key, uint8x16_t* keys) {
  uint32_t words[44];
  for (int i = 0; i < 4; ++i) words[i] = static_cast<uint32_t>(key[i / 2] >> (32 * (i % 2)));
  uint32_t constant = 1;
  for (int i = 4; i < 44; ++i) {
    uint32_t word = words[i - 1];
    if (i % 4 == 0) {
      word = substitute(word >> 8 | word << 24) ^ constant;
      constant = (constant << 1 ^ ((constant & 0x80) != 0 ? 0x11BU : 0U)) & 0xFF;
    }
    words[i] = words[i - 4] ^ word;
  }
  for (int round = 0; round < 11; ++round) keys[round] = vreinterpretq_u8_u32(vld1q_u32(words + 4 * round));
}

void encrypt(const uint8x16_t* keys, uint64_t* state) {
  uint8x16_t block[kTogether];
  for (uint32_t b = 0; b < kTogether; ++b) block[b] = vreinterpretq_u8_u64(vld1q_u64(state + 2 * b));
  for (uint32_t i = 0; i < aes::kIterations; ++i) {
    for (int round = 0; round < 9; ++round) {
      for (uint32_t b = 0; b < kTogether; ++b) block[b] = vaesmcq_u8(vaeseq_u8(block[b], keys[round]));
    }
    for (uint32_t b = 0; b < kTogether; ++b) block[b] = veorq_u8(vaeseq_u8(block[b], keys[9]), keys[10]);
  }
  for (uint32_t b = 0; b < kTogether; ++b) vst1q_u64(state + 2 * b, vreinterpretq_u64_u8(block[b]));
}

}  // namespace

// The cryptography extension of Armv8.
void aes_neon(uint64_t* state, const uint64_t* params, uint32_t step) {
  uint8x16_t keys[11];
  expand(params + 2 * (step % aes::kKeys), keys);
  for (uint32_t block = 0; block < aes::kBlocks; block += kTogether) encrypt(keys, state + 2 * block);
}

}  // namespace assay::probes::host
