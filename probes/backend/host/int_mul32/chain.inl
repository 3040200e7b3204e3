// SPDX-License-Identifier: Apache-2.0
// The chains of int_mul32.h for any register of whole groups. Included, inside an anonymous namespace, by the file of each instruction
// set. V gives Register, kWords, kTogether (registers of x at once), load(), store(), fold(), exclusive(), high_dwords() (moved to the
// low places of their words) and the instructions that the definition names.

template <typename V>
inline void iterate(typename V::Register& x, typename V::Register& y, typename V::Register& h, typename V::Register c) {
  h = V::fold(h, V::pmulld(V::exclusive(x, c), y));
  x = V::fold(x, V::pmuludq(y, h));
  y = V::fold(y, V::pmuldq(V::high_dwords(h), V::high_dwords(x)));
  h = V::fold(h, V::pmaddwd(x, y));
  x = V::fold(x, V::pmulhw(y, h));
  y = V::fold(y, V::pmulhuw(h, x));
  h = V::fold(h, V::pmullw(x, y));
  x = V::fold(x, V::pmulhrsw(y, h));
  y = V::fold(y, V::pmaddubsw(h, x));
  h = V::fold(h, V::paddsw(x, y));
  x = V::fold(x, V::psubusb(y, h));
  y = V::fold(y, V::paddusw(h, x));
  h = V::fold(h, V::packssdw(V::template psrad<15>(x), V::template psrad<15>(y)));
  x = V::fold(x, V::packuswb(V::template psraw<7>(y), V::template psraw<7>(h)));
  y = V::fold(y, V::psadbw(h, x));
}

template <typename V>
inline void run_registers(uint64_t* state, const uint64_t* params, uint32_t first) {
  using namespace int_mul32;
  typename V::Register x[V::kTogether];
  typename V::Register y[V::kTogether];
  typename V::Register h[V::kTogether];
#pragma GCC unroll 4
  for (uint32_t j = 0; j < V::kTogether; ++j) {
    const uint64_t* from = state + first + j * V::kWords;
    x[j] = V::load(from);
    y[j] = V::load(from + int_mul32::kWords);
    h[j] = V::load(from + 2 * int_mul32::kWords);
  }
  for (uint32_t i = 0; i < kIterations; ++i) {
    const uint64_t* c = params + (i % kRounds) * int_mul32::kWords + first;
#pragma GCC unroll 4
    for (uint32_t j = 0; j < V::kTogether; ++j) iterate<V>(x[j], y[j], h[j], V::load(c + j * V::kWords));
  }
#pragma GCC unroll 4
  for (uint32_t j = 0; j < V::kTogether; ++j) {
    uint64_t* to = state + first + j * V::kWords;
    V::store(to, x[j]);
    V::store(to + int_mul32::kWords, y[j]);
    V::store(to + 2 * int_mul32::kWords, h[j]);
  }
}

template <typename V>
inline void int_mul32_chain(uint64_t* state, const uint64_t* params) {
  for (uint32_t first = 0; first < int_mul32::kWords; first += V::kTogether * V::kWords) run_registers<V>(state, params, first);
}
