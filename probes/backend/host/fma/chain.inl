// SPDX-License-Identifier: Apache-2.0
// The chains of fma.h for any vector type. Included, inside an anonymous namespace, by the file of each instruction
// set. V gives Register (integer bits), kWords (64-bit words a register), kTogether (registers of u, and as many of v,
// that fit in the register file), load(), store() and take_in(to, from, a, b): rotl(to + bits(fma(window(from), a,
// b))).

// kTogether registers of u and of v through all iterations of a step; offsets are in words.
template <typename V>
inline void fma_chain_part(uint64_t* state, const uint64_t* params) {
  constexpr uint32_t kB = fma::kRounds * fma::kHalfWords;
  typename V::Register u[V::kTogether];
  typename V::Register v[V::kTogether];
#pragma GCC unroll 16
  for (uint32_t j = 0; j < V::kTogether; ++j) {
    u[j] = V::load(state + j * V::kWords);
    v[j] = V::load(state + fma::kHalfWords + j * V::kWords);
  }
  for (uint32_t i = 0; i < fma::kIterations; ++i) {
    const uint64_t* a = params + (2 * i % fma::kRounds) * fma::kHalfWords;
#pragma GCC unroll 16
    for (uint32_t j = 0; j < V::kTogether; ++j)
      v[j] = V::take_in(v[j], u[j], a + j * V::kWords, a + kB + j * V::kWords);
    a += fma::kHalfWords;
#pragma GCC unroll 16
    for (uint32_t j = 0; j < V::kTogether; ++j)
      u[j] = V::take_in(u[j], v[j], a + j * V::kWords, a + kB + j * V::kWords);
  }
#pragma GCC unroll 16
  for (uint32_t j = 0; j < V::kTogether; ++j) {
    V::store(state + j * V::kWords, u[j]);
    V::store(state + fma::kHalfWords + j * V::kWords, v[j]);
  }
}

template <typename V>
void fma_chain(uint64_t* state, const uint64_t* params) {
  for (uint32_t word = 0; word < fma::kHalfWords; word += V::kTogether * V::kWords)
    fma_chain_part<V>(state + word, params + word);
}
