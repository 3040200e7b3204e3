// SPDX-License-Identifier: Apache-2.0
// The orbits of logistic.h for any vector type. Included, inside an anonymous namespace, by the file of each instruction
// set. V gives Register (floats), Word (integers), kWords (64-bit words a register), kTogether (orbits side by side),
// load(), store(), floats(word), window(word), fused(a, x), plain(a, x): one turn each, and gather(word, x): rotl(word +
// bits(x), 24).

template <typename V>
inline void logistic_part(uint64_t* state, const uint64_t* params) {
  typename V::Word u[V::kTogether];
  typename V::Word v[V::kTogether];
#pragma GCC unroll 8
  for (uint32_t j = 0; j < V::kTogether; ++j) {
    u[j] = V::load(state + j * V::kWords);
    v[j] = V::load(state + logistic::kLanes + j * V::kWords);
  }
  for (uint32_t i = 0; i < logistic::kIterations; ++i) {
    typename V::Register a[V::kTogether];
    typename V::Register x[V::kTogether];
#pragma GCC unroll 8
    for (uint32_t j = 0; j < V::kTogether; ++j) {
      a[j] = V::floats(V::load(params + i % logistic::kRounds * logistic::kLanes + j * V::kWords));
      x[j] = V::window(u[j]);
    }
    for (uint32_t turn = 0; turn < logistic::kTurns; ++turn) {
#pragma GCC unroll 8
      for (uint32_t j = 0; j < V::kTogether; ++j) {
        x[j] = V::fused(a[j], x[j]);
        v[j] = V::gather(v[j], x[j]);
      }
    }
#pragma GCC unroll 8
    for (uint32_t j = 0; j < V::kTogether; ++j) x[j] = V::window(v[j]);
    for (uint32_t turn = 0; turn < logistic::kTurns; ++turn) {
#pragma GCC unroll 8
      for (uint32_t j = 0; j < V::kTogether; ++j) {
        x[j] = V::plain(a[j], x[j]);
        u[j] = V::gather(u[j], x[j]);
      }
    }
  }
#pragma GCC unroll 8
  for (uint32_t j = 0; j < V::kTogether; ++j) {
    V::store(state + j * V::kWords, u[j]);
    V::store(state + logistic::kLanes + j * V::kWords, v[j]);
  }
}

template <typename V>
void logistic_orbits(uint64_t* state, const uint64_t* params) {
  for (uint32_t lane = 0; lane < logistic::kLanes; lane += V::kTogether * V::kWords)
    logistic_part<V>(state + lane, params + lane);
}
