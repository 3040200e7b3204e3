// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/host/int_mul/variants.h"
#include "probes/catalogue/int_mul.h"

namespace assay::probes::host {
namespace {

__extension__ using Wide = unsigned __int128;

inline uint64_t rotate_left(uint64_t word, int by) {
  return word << by | word >> (64 - by);
}

}  // namespace

void int_mul_scalar(uint64_t* state, const uint64_t* params, uint32_t) {
  using namespace int_mul;
  for (uint32_t i = 0; i < kIterations; ++i) {
    const uint64_t* a = params + (i % kRounds) * kLanes;
    const uint64_t* c = a + kRounds * kLanes;
    for (uint32_t lane = 0; lane < kLanes; ++lane) {
      const Wide product = static_cast<Wide>(state[lane]) * a[lane];
      const uint64_t x =
          (rotate_left(static_cast<uint64_t>(product), 29) ^ static_cast<uint64_t>(product >> 64)) + c[lane];
      state[lane] = x;
      state[kLanes + lane] = rotate_left(state[kLanes + lane] + x, 24);
    }
  }
}

}  // namespace assay::probes::host
