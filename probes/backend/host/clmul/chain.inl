// SPDX-License-Identifier: Apache-2.0
// The chains of clmul.h for any kind of register of whole lanes. Included, inside an anonymous namespace, by the file of each
// instruction set. V gives Register, kLanes (in a register), kTogether (registers at once), load(), store(), lanes(low, high), and in
// each lane: multiply<kWhich>() as PCLMULQDQ has it (bit 0 chooses the word of the first factor, bit 4 of the second),
// up() and down() by a word, exclusive(), add() and fold().

template <typename V>
inline typename V::Register field_product(typename V::Register a, typename V::Register b) {
  const typename V::Register polynomial = V::lanes(clmul::kPolynomial, 0);
  const typename V::Register middle = V::exclusive(V::template multiply<0x01>(a, b), V::template multiply<0x10>(a, b));
  const typename V::Register low = V::exclusive(V::template multiply<0x00>(a, b), V::up(middle));
  const typename V::Register high = V::exclusive(V::template multiply<0x11>(a, b), V::down(middle));
  // t^192 is the polynomial times t^64; then t^128 the polynomial.
  const typename V::Register top = V::template multiply<0x01>(high, polynomial);
  const typename V::Register rest = V::template multiply<0x00>(V::exclusive(high, V::down(top)), polynomial);
  return V::exclusive(V::exclusive(low, V::up(top)), rest);
}

template <typename V>
inline void run_lanes(uint64_t* state, const uint64_t* params, uint32_t lane) {
  using namespace clmul;
  constexpr uint32_t kWords = V::kLanes * kLaneWords;  // of a register
  uint64_t* xs = state + lane * kLaneWords;
  uint64_t* hs = xs + kLanes * kLaneWords;
  typename V::Register x[V::kTogether];
  typename V::Register h[V::kTogether];
#pragma GCC unroll 4
  for (uint32_t j = 0; j < V::kTogether; ++j) {
    x[j] = V::load(xs + j * kWords);
    h[j] = V::load(hs + j * kWords);
  }
  for (uint32_t i = 0; i < kIterations; ++i) {
    const uint64_t* k = params + ((i % kRounds) * kLanes + lane) * kLaneWords;
    const uint64_t* c = k + kRounds * kLanes * kLaneWords;
#pragma GCC unroll 4
    for (uint32_t j = 0; j < V::kTogether; ++j) {
      h[j] = V::fold(h[j], V::template multiply<0x10>(V::exclusive(x[j], V::load(c + j * kWords)), x[j]));
      x[j] = V::add(field_product<V>(x[j], V::load(k + j * kWords)), h[j]);
    }
  }
#pragma GCC unroll 4
  for (uint32_t j = 0; j < V::kTogether; ++j) {
    V::store(xs + j * kWords, x[j]);
    V::store(hs + j * kWords, h[j]);
  }
}

template <typename V>
inline void clmul_chain(uint64_t* state, const uint64_t* params) {
  for (uint32_t lane = 0; lane < clmul::kLanes; lane += V::kTogether * V::kLanes) run_lanes<V>(state, params, lane);
}
