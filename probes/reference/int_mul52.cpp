// SPDX-License-Identifier: Apache-2.0
#include "probes/catalogue/int_mul52.h"

#include <vector>

#include "probes/reference/families.h"

namespace assay::probes::reference {
namespace {

constexpr uint64_t kMask = (uint64_t{1} << 52) - 1;

struct Product {
  uint64_t low = 0;   // 52 bits
  uint64_t high = 0;  // 52 bits
};

// From the highest bit of b on: the sum is doubled and a added, in digits of 52 bits.
Product multiply(uint64_t a, uint64_t b) {
  a &= kMask;
  Product sum;
  for (unsigned bit = 52; bit-- > 0;) {
    sum.low = 2 * sum.low + ((b >> bit & 1) != 0 ? a : 0);
    sum.high = 2 * sum.high + (sum.low >> 52);
    sum.low &= kMask;
  }
  return sum;
}

uint64_t fold(uint64_t word, uint64_t with) {
  const uint64_t sum = word + with;
  return sum << 24 | sum >> 40;
}

}  // namespace

Status int_mul52_chain(uint32_t operand_set, const StepSink& sink) {
  using namespace int_mul52;
  std::vector<uint64_t> state(kStateWords);
  std::vector<uint64_t> params(kParamWords);
  operands(operand_set, state, params);
  for (uint32_t step = 0; step < kSteps; ++step) {
    for (uint32_t i = 0; i < kIterations; ++i) {
      const uint32_t first = i % kRounds * kLanes;
      for (uint32_t lane = 0; lane < kLanes; ++lane) {
        uint64_t& x = state[lane];
        uint64_t& y = state[kLanes + lane];
        const Product of_x = multiply(x, x / 4096 ^ params[first + lane]);
        y = fold(fold(y, of_x.low), of_x.high);
        const Product of_y = multiply(y, y / 4096 ^ params[kRounds * kLanes + first + lane]);
        x = fold(fold(x, of_y.low), of_y.high);
      }
    }
    sink(step, state);
  }
  return {};
}

}  // namespace assay::probes::reference
