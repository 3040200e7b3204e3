// SPDX-License-Identifier: Apache-2.0
// The chains of div.h for any vector type. Included, inside an anonymous namespace, by the file of each instruction
// set. V gives Register (integer bits), kWords, load(), store(), kWindow and kPositive (div.h), window(w, window),
// divide(a, x), root(x) and take_in(w, y), all on bits.

template <typename V>
void div_chain(uint64_t* state, const uint64_t* params) {
  constexpr uint32_t kRegisters = div::kHalfWords / V::kWords;
  typename V::Register u[kRegisters];
  typename V::Register v[kRegisters];
#pragma GCC unroll 16
  for (uint32_t j = 0; j < kRegisters; ++j) {
    u[j] = V::load(state + j * V::kWords);
    v[j] = V::load(state + div::kHalfWords + j * V::kWords);
  }
  for (uint32_t i = 0; i < div::kIterations; ++i) {
    const uint64_t* a = params + (i % div::kRounds) * div::kHalfWords;
#pragma GCC unroll 16
    for (uint32_t j = 0; j < kRegisters; ++j) {
      v[j] = V::take_in(v[j], V::divide(V::load(a + j * V::kWords), V::window(u[j], V::kWindow)));
      u[j] = V::take_in(u[j], V::root(V::window(v[j], V::kPositive)));
    }
  }
#pragma GCC unroll 16
  for (uint32_t j = 0; j < kRegisters; ++j) {
    V::store(state + j * V::kWords, u[j]);
    V::store(state + div::kHalfWords + j * V::kWords, v[j]);
  }
}
