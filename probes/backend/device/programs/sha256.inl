// SPDX-License-Identifier: Apache-2.0
// hash.sha256.chain (probes/catalogue/sha256.h): four chains, carried by an eighth of the team that changes with the step.
#define ASSAY_PROGRAM sha256
#define ASSAY_TEAM 32
#define ASSAY_STATE_WORDS 16
#define ASSAY_SHARE_WORDS 0
#define ASSAY_PARAM_WORDS 64
#define ASSAY_ARENA_WORDS 0
#define ASSAY_OUT_WORDS 16
#define ASSAY_STEPS 64

// FIPS 180-4, 4.2.2.
ASSAY_CONSTANT(assay_u32, sha256_k, 64) = {
    0x428a2f98u, 0x71374491u, 0xb5c0fbcfu, 0xe9b5dba5u, 0x3956c25bu, 0x59f111f1u, 0x923f82a4u, 0xab1c5ed5u, 0xd807aa98u, 0x12835b01u, 0x243185beu,
    0x550c7dc3u, 0x72be5d74u, 0x80deb1feu, 0x9bdc06a7u, 0xc19bf174u, 0xe49b69c1u, 0xefbe4786u, 0x0fc19dc6u, 0x240ca1ccu, 0x2de92c6fu, 0x4a7484aau,
    0x5cb0a9dcu, 0x76f988dau, 0x983e5152u, 0xa831c66du, 0xb00327c8u, 0xbf597fc7u, 0xc6e00bf3u, 0xd5a79147u, 0x06ca6351u, 0x14292967u, 0x27b70a85u,
    0x2e1b2138u, 0x4d2c6dfcu, 0x53380d13u, 0x650a7354u, 0x766a0abbu, 0x81c2c92eu, 0x92722c85u, 0xa2bfe8a1u, 0xa81a664bu, 0xc24b8b70u, 0xc76c51a3u,
    0xd192e819u, 0xd6990624u, 0xf40e3585u, 0x106aa070u, 0x19a4c116u, 0x1e376c08u, 0x2748774cu, 0x34b0bcb5u, 0x391c0cb3u, 0x4ed8aa4au, 0x5b9cca4fu,
    0x682e6ff3u, 0x748f82eeu, 0x78a5636fu, 0x84c87814u, 0x8cc70208u, 0x90befffau, 0xa4506cebu, 0xbef9a3f7u, 0xc67178f2u};

// to the right by 1 .. 31 places.
ASSAY_FN assay_u32 sha256_rotr(assay_u32 word, assay_u32 places) { return assay_rotl_u32(word, 32 - places); }

// Carries the chaining value h on by the message m, which it uses up.
ASSAY_FN void sha256_compress(assay_u32* h, assay_u32* m) {
  assay_u32 s[8];
  for (assay_u32 k = 0; k < 8; ++k) {
    s[k] = h[k];
  }
  for (assay_u32 block = 0; block < 4; ++block) {
    ASSAY_UNROLL
    for (assay_u32 t = 0; t < 16; ++t) {
      const assay_u32 e = s[4];
      const assay_u32 t1 = s[7] + (sha256_rotr(e, 6) ^ sha256_rotr(e, 11) ^ sha256_rotr(e, 25)) + ((e & s[5]) ^ (~e & s[6])) + sha256_k[16 * block + t] + m[t];
      const assay_u32 a = s[0];
      const assay_u32 t2 = (sha256_rotr(a, 2) ^ sha256_rotr(a, 13) ^ sha256_rotr(a, 22)) + ((a & s[1]) ^ (a & s[2]) ^ (s[1] & s[2]));
      s[7] = s[6];
      s[6] = s[5];
      s[5] = e;
      s[4] = s[3] + t1;
      s[3] = s[2];
      s[2] = s[1];
      s[1] = a;
      s[0] = t1 + t2;
      const assay_u32 near = m[(t + 1) % 16];
      const assay_u32 far = m[(t + 14) % 16];
      m[t] += (sha256_rotr(near, 7) ^ sha256_rotr(near, 18) ^ (near >> 3)) + m[(t + 9) % 16] + (sha256_rotr(far, 17) ^ sha256_rotr(far, 19) ^ (far >> 10));
    }
  }
  for (assay_u32 k = 0; k < 8; ++k) {
    h[k] += s[k];
  }
}

ASSAY_FN void sha256_step(ASSAY_LOCAL assay_u64* state, ASSAY_GLOBAL const assay_u64* params, ASSAY_GLOBAL assay_u64* out, assay_u32 me, assay_u32 step) {
  ASSAY_EACH_LANE(lane, me) {
    const assay_u32 chain = (lane + 4 * step) % 32;
    if (chain < 4) {
      assay_u32 h[8];
      for (assay_u32 k = 0; k < 4; ++k) {
        h[2 * k] = (assay_u32)state[4 * chain + k];
        h[2 * k + 1] = (assay_u32)(state[4 * chain + k] >> 32);
      }
      for (assay_u32 i = 0; i < 128; ++i) {
        assay_u32 m[16];
        for (assay_u32 k = 0; k < 8; ++k) {
          m[k] = h[k];
        }
        for (assay_u32 k = 0; k < 4; ++k) {
          const assay_u64 word = params[(i + chain) % 16 * 4 + k];
          m[8 + 2 * k] = (assay_u32)word;
          m[9 + 2 * k] = (assay_u32)(word >> 32);
        }
        sha256_compress(h, m);
      }
      for (assay_u32 k = 0; k < 4; ++k) {
        const assay_u64 word = ((assay_u64)h[2 * k + 1] << 32) | h[2 * k];
        state[4 * chain + k] = word;
        out[4 * chain + k] = word;
      }
    }
  }
}
