// SPDX-License-Identifier: Apache-2.0
// The blocks of chacha20.h side by side in any vector type. Included, inside an anonymous namespace, by the file of each
// instruction set. V gives Register (32-bit lanes), kLanes, load(word, lane) and store() at a lane of a 64-bit array,
// add(), and roll<by>(a ^ b).

template <typename V>
inline void quarter_round(typename V::Register& a, typename V::Register& b, typename V::Register& c,
                          typename V::Register& d) {
  a = V::add(a, b);
  d = V::template roll<16>(d, a);
  c = V::add(c, d);
  b = V::template roll<12>(b, c);
  a = V::add(a, b);
  d = V::template roll<8>(d, a);
  c = V::add(c, d);
  b = V::template roll<7>(b, c);
}

// kLanes blocks through all iterations of a step: a register a word of the block.
template <typename V>
inline void chacha20_part(uint64_t* state, const uint64_t* params, uint32_t first_block) {
  typename V::Register x[chacha20::kBlockWords];
#pragma GCC unroll 16
  for (uint32_t w = 0; w < chacha20::kBlockWords; ++w) x[w] = V::load(state, w * chacha20::kBlocks + first_block);
  for (uint32_t i = 0; i < chacha20::kIterations; ++i) {
    for (uint32_t round = 0; round < chacha20::kDoubleRounds; ++round) {
      quarter_round<V>(x[0], x[4], x[8], x[12]);
      quarter_round<V>(x[1], x[5], x[9], x[13]);
      quarter_round<V>(x[2], x[6], x[10], x[14]);
      quarter_round<V>(x[3], x[7], x[11], x[15]);
      quarter_round<V>(x[0], x[5], x[10], x[15]);
      quarter_round<V>(x[1], x[6], x[11], x[12]);
      quarter_round<V>(x[2], x[7], x[8], x[13]);
      quarter_round<V>(x[3], x[4], x[9], x[14]);
    }
    const uint64_t* key = params + i % chacha20::kKeys * chacha20::kStateWords;
#pragma GCC unroll 16
    for (uint32_t w = 0; w < chacha20::kBlockWords; ++w)
      x[w] = V::add(x[w], V::load(key, w * chacha20::kBlocks + first_block));
  }
#pragma GCC unroll 16
  for (uint32_t w = 0; w < chacha20::kBlockWords; ++w) V::store(state, w * chacha20::kBlocks + first_block, x[w]);
}

template <typename V>
void chacha20_blocks(uint64_t* state, const uint64_t* params) {
  for (uint32_t block = 0; block < chacha20::kBlocks; block += V::kLanes) chacha20_part<V>(state, params, block);
}
