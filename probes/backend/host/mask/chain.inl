// SPDX-License-Identifier: Apache-2.0
// The chains of mask.h for any kind of vector and mask. Included, inside an anonymous namespace, by the file of each instruction set. V
// gives Vector, load(), store(), the comparisons and moves of the definition, and the arithmetic of masks, which are 64-bit words or
// mask registers.

template <typename V>
inline void iterate(typename V::Vector& x, typename V::Vector& y, uint64_t& k, uint64_t& m, const uint64_t* round) {
  const uint64_t c = V::below_bytes(x, y);
  const uint64_t d = V::disjoint_bytes(x, y);
  const uint64_t e = V::alike_bytes(x, y);
  k = V::fold(V::fold(k, c), V::below_wider(x, y));
  m = V::fold(V::fold(m, d), e);
  m = V::add(m, V::both(k, d));
  k = V::exclusive(k, V::either(m, e));
  m = V::same(m, k);
  k = V::exclusive(k, V::not_and(c, m));
  m = V::fold(m, V::exclusive(V::template up<7>(k), V::template down<9>(k)));
  k = V::fold(k, V::flags(k, m));
  x = V::add_or_exclusive(k, x, y, V::load(round + mask::kVectorWords));
  y = V::fold_words(y, V::blend(m, x, V::load(round)));
  x = V::part(x, m & 0xFFFF);
  y = V::join(y, k >> 48);
}

template <typename V>
inline void mask_chain(uint64_t* state, const uint64_t* params) {
  using namespace mask;
  typename V::Vector x[kChains];
  typename V::Vector y[kChains];
  uint64_t k[kChains];
  uint64_t m[kChains];
  for (uint32_t v = 0; v < kChains; ++v) {
    x[v] = V::load(state + v * kVectorWords);
    y[v] = V::load(state + kY + v * kVectorWords);
    k[v] = state[kK + v];
    m[v] = state[kM + v];
  }
  for (uint32_t i = 0; i < kIterations; ++i) {
    const uint64_t* round = params + (i % kRounds) * 2 * kVectorWords;
    for (uint32_t v = 0; v < kChains; ++v) iterate<V>(x[v], y[v], k[v], m[v], round);
  }
  for (uint32_t v = 0; v < kChains; ++v) {
    V::store(state + v * kVectorWords, x[v]);
    V::store(state + kY + v * kVectorWords, y[v]);
    state[kK + v] = k[v];
    state[kM + v] = m[v];
  }
}
