// SPDX-License-Identifier: Apache-2.0
// The chains of int_alu.h for any kind of register. Included, inside an anonymous namespace, by the file of each instruction set. V
// gives Register, kWords, kTogether (registers a word of state is dealt to at once), load(), store() and the operations of the
// definition under their names there.

template <typename V>
inline typename V::Register fold(typename V::Register word, typename V::Register with) {
  return V::template rotate<24>(V::add(word, with));
}

template <typename V>
inline void iterate(typename V::Register& x, typename V::Register& y, typename V::Register& z, typename V::Register& h,
                    typename V::Register c, typename V::Register d) {
  V::add_wide(y, x, d, c);
  V::subtract_wide(h, z, y, x);
  x = V::rotate_by(x, V::template low6<0>(z));
  y = V::rotate_by(y, V::template low6<6>(V::minus(z)));
  z = fold<V>(z, V::exclusive(V::shift_left(x, V::template low6<0>(h)), V::shift_right(y, V::template low6<6>(h))));
  z = fold<V>(z, V::shift_signed(x, V::template low6<12>(h)));
  h = fold<V>(h, V::funnel(x, y, V::template low6<0>(z)));
  h = V::exclusive(h, V::both(x, y));
  y = V::exclusive(y, V::not_and(h, z));
  x = V::exclusive(x, V::either(z, h));
  z = V::add(z, V::majority(x, y, h));
  h = fold<V>(h, V::choose(x, y, z));
  x = fold<V>(x, V::counts(y, V::shift_right(z, V::template low6<0>(h)), V::shift_left(y, V::template low6<6>(h))));
  y = V::swap_bytes(y);
  z = fold<V>(z, V::if_below(x, y, h, c));
  h = fold<V>(h, V::if_below_signed(x, z, y, d));
}

// All iterations of a step on kTogether registers of each word, from `lane` on.
template <typename V>
inline void run_lanes(uint64_t* state, const uint64_t* params, uint32_t lane) {
  using namespace int_alu;
  typename V::Register x[V::kTogether];
  typename V::Register y[V::kTogether];
  typename V::Register z[V::kTogether];
  typename V::Register h[V::kTogether];
#pragma GCC unroll 4
  for (uint32_t j = 0; j < V::kTogether; ++j) {
    const uint64_t* from = state + lane + j * V::kWords;
    x[j] = V::load(from);
    y[j] = V::load(from + kLanes);
    z[j] = V::load(from + 2 * kLanes);
    h[j] = V::load(from + 3 * kLanes);
  }
  for (uint32_t i = 0; i < kIterations; ++i) {
    const uint64_t* c = params + (i % kRounds) * kLanes + lane;
    const uint64_t* d = c + kRounds * kLanes;
#pragma GCC unroll 4
    for (uint32_t j = 0; j < V::kTogether; ++j) {
      iterate<V>(x[j], y[j], z[j], h[j], V::load(c + j * V::kWords), V::load(d + j * V::kWords));
    }
  }
#pragma GCC unroll 4
  for (uint32_t j = 0; j < V::kTogether; ++j) {
    uint64_t* to = state + lane + j * V::kWords;
    V::store(to, x[j]);
    V::store(to + kLanes, y[j]);
    V::store(to + 2 * kLanes, z[j]);
    V::store(to + 3 * kLanes, h[j]);
  }
}

template <typename V>
inline void int_alu_chain(uint64_t* state, const uint64_t* params) {
  for (uint32_t lane = 0; lane < int_alu::kLanes; lane += V::kTogether * V::kWords) run_lanes<V>(state, params, lane);
}
