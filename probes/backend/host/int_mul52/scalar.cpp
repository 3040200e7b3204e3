// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/host/int_mul52/variants.h"
#include "probes/catalogue/int_mul52.h"

namespace assay::probes::host {
namespace {

__extension__ using Wide = unsigned __int128;
constexpr uint64_t kMask = (uint64_t{1} << 52) - 1;

inline uint64_t fold(uint64_t word, uint64_t with) {
  const uint64_t sum = word + with;
  return sum << 24 | sum >> 40;
}

// Folds both halves of the product of a by b into a word.
inline uint64_t take_in(uint64_t word, uint64_t a, uint64_t b) {
  const Wide product = static_cast<Wide>(a & kMask) * (b & kMask);
  word = fold(word, static_cast<uint64_t>(product) & kMask);
  return fold(word, static_cast<uint64_t>(product >> 52));
}

}  // namespace

void int_mul52_scalar(uint64_t* state, const uint64_t* params, uint32_t) {
  using namespace int_mul52;
  for (uint32_t i = 0; i < kIterations; ++i) {
    const uint64_t* c = params + (i % kRounds) * kLanes;
    const uint64_t* d = c + kRounds * kLanes;
    for (uint32_t lane = 0; lane < kLanes; ++lane) {
      const uint64_t x = state[lane];
      const uint64_t y = take_in(state[kLanes + lane], x, x >> 12 ^ c[lane]);
      state[lane] = take_in(x, y, y >> 12 ^ d[lane]);
      state[kLanes + lane] = y;
    }
  }
}

}  // namespace assay::probes::host
