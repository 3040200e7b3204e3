// SPDX-License-Identifier: Apache-2.0
// hash.crc32c.chain (probes/catalogue/crc32c.h): eight registers, carried by a quarter of the team that changes with the step. Accelerators have no CRC
// instruction: eight tables in team memory take in a word at once; entry b of table k is byte b followed by k zero bytes, made anew in each step.
#define ASSAY_PROGRAM crc32c
#define ASSAY_TEAM 32
#define ASSAY_STATE_WORDS 8
#define ASSAY_SHARE_WORDS 2048
#define ASSAY_PARAM_WORDS 2048
#define ASSAY_ARENA_WORDS 0
#define ASSAY_OUT_WORDS 8
#define ASSAY_STEPS 64

ASSAY_FN void crc32c_step(ASSAY_LOCAL assay_u64* state, ASSAY_GLOBAL const assay_u64* params, ASSAY_GLOBAL assay_u64* out, assay_u32 me, assay_u32 step) {
  ASSAY_LOCAL assay_u64* tables = state + ASSAY_STATE_WORDS;
  ASSAY_EACH_LANE(lane, me) {
    for (assay_u32 byte = lane; byte < 256; byte += 32) {
      assay_u32 value = byte;
      for (assay_u32 bit = 0; bit < 8; ++bit) {
        value = (value >> 1) ^ ((0 - (value & 1u)) & 0x82F63B78u);
      }
      tables[byte] = value;
    }
  }
  ASSAY_BARRIER();
  ASSAY_EACH_LANE(lane, me) {
    for (assay_u32 byte = lane; byte < 256; byte += 32) {
      assay_u64 value = tables[byte];
      for (assay_u32 k = 1; k < 8; ++k) {
        value = (value >> 8) ^ tables[value & 0xFFu];
        tables[256 * k + byte] = value;
      }
    }
  }
  ASSAY_BARRIER();
  ASSAY_EACH_LANE(lane, me) {
    const assay_u32 chain = (lane + 8 * step) % 32;
    if (chain < 8) {
      assay_u64 value = state[chain];
      for (assay_u32 k = 0; k < 2048; ++k) {
        const assay_u64 word = params[(k + 256 * chain) % 2048] ^ value;
        value = tables[1792 + (word & 0xFFu)] ^ tables[1536 + ((word >> 8) & 0xFFu)] ^ tables[1280 + ((word >> 16) & 0xFFu)] ^
                tables[1024 + ((word >> 24) & 0xFFu)] ^ tables[768 + ((word >> 32) & 0xFFu)] ^ tables[512 + ((word >> 40) & 0xFFu)] ^
                tables[256 + ((word >> 48) & 0xFFu)] ^ tables[word >> 56];
      }
      state[chain] = value;
      out[chain] = value;
    }
  }
}
