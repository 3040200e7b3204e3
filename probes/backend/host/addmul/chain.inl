// SPDX-License-Identifier: Apache-2.0
// The chains of addmul.h for any vector type. Included, inside an anonymous namespace, by the file of each instruction
// set. V gives Register (integer bits), kWords (64-bit words a register), kTogether (registers of u, and as many of v,
// that fit in the register file), load(), store(), window(w), add(x, y), subtract(x, y), multiply(x, y) and fold(w, y),
// all on bits.

// kTogether registers of u and of v through all iterations of a step; offsets are in words.
template <typename V>
inline void addmul_chain_part(uint64_t* state, const uint64_t* params) {
  constexpr uint32_t kB = addmul::kRounds * addmul::kHalfWords;
  using Register = typename V::Register;
  Register u[V::kTogether];
  Register v[V::kTogether];
#pragma GCC unroll 16
  for (uint32_t j = 0; j < V::kTogether; ++j) {
    u[j] = V::load(state + j * V::kWords);
    v[j] = V::load(state + addmul::kHalfWords + j * V::kWords);
  }
  for (uint32_t i = 0; i < addmul::kIterations; ++i) {
    const uint64_t* a = params + (2 * i % addmul::kRounds) * addmul::kHalfWords;
#pragma GCC unroll 16
    for (uint32_t j = 0; j < V::kTogether; ++j) {
      const Register product = V::multiply(V::window(u[j]), V::load(a + j * V::kWords));
      const Register sum = V::add(product, V::load(a + kB + j * V::kWords));
      v[j] = V::fold(V::fold(v[j], product), sum);
    }
    a += addmul::kHalfWords;
#pragma GCC unroll 16
    for (uint32_t j = 0; j < V::kTogether; ++j) {
      const Register difference = V::subtract(V::window(v[j]), V::load(a + kB + j * V::kWords));
      const Register product = V::multiply(difference, V::load(a + j * V::kWords));
      u[j] = V::fold(V::fold(u[j], difference), product);
    }
  }
#pragma GCC unroll 16
  for (uint32_t j = 0; j < V::kTogether; ++j) {
    V::store(state + j * V::kWords, u[j]);
    V::store(state + addmul::kHalfWords + j * V::kWords, v[j]);
  }
}

template <typename V>
void addmul_chain(uint64_t* state, const uint64_t* params) {
  for (uint32_t word = 0; word < addmul::kHalfWords; word += V::kTogether * V::kWords)
    addmul_chain_part<V>(state + word, params + word);
}
