// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/host/gather/variants.h"
#include "probes/catalogue/gather.h"

namespace assay::probes::host {
namespace {

inline uint64_t fold(uint64_t word, uint64_t with) {
  const uint64_t sum = word + with;
  return sum << 24 | sum >> 40;
}

// Half word j of the table; all machines that this runs on keep the low half first.
inline uint32_t load_half(const uint64_t* table, uint64_t j) {
  uint32_t half;
  __builtin_memcpy(&half, reinterpret_cast<const char*>(table) + 4 * j, sizeof half);
  return half;
}
inline void store_half(uint64_t* table, uint64_t j, uint32_t half) {
  __builtin_memcpy(reinterpret_cast<char*>(table) + 4 * j, &half, sizeof half);
}

void iterate(uint64_t* x, uint64_t* h, uint64_t* table, const uint64_t* c) {
  using namespace gather;
  for (uint32_t l = 0; l < kLanes; ++l) {
    const uint64_t loaded = table[h[l] >> 54];
    x[l] = fold(x[l], (h[l] & 1) != 0 ? loaded : c[l]);
  }
  for (uint32_t l = 0; l < kLanes; ++l) h[l] = fold(h[l], load_half(table, x[l] & 2047));
  for (uint32_t l = 0; l < kLanes; ++l) {
    uint64_t& at = table[kRowWords * l + (x[l] >> 58)];
    const uint64_t old = at;
    h[l] = fold(h[l], old);
    at = fold(old, x[l]);
  }
  for (uint32_t l = 0; l < kLanes; ++l) {
    const uint64_t j = 2 * kRowWords * l + (h[l] >> 57);
    const uint32_t old = load_half(table, j);
    x[l] = fold(x[l], old);
    const uint32_t sum = old + static_cast<uint32_t>(h[l]);
    store_half(table, j, sum << 11 | sum >> 21);
  }
}

}  // namespace

void gather_scalar(uint64_t* state, const uint64_t* params, uint32_t) {
  using namespace gather;
  for (uint32_t i = 0; i < kIterations; ++i) iterate(state, state + kLanes, state + kTableWord, params + (i % kRounds) * kLanes);
}

}  // namespace assay::probes::host
