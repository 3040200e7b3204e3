// SPDX-License-Identifier: Apache-2.0
#include "probes/catalogue/int_mul.h"

#include <vector>

#include "probes/reference/families.h"

namespace assay::probes::reference {
namespace {

struct Product {
  uint64_t high = 0;
  uint64_t low = 0;
};

// Schoolbook shift and add, one bit of b at a time.
Product multiply(uint64_t a, uint64_t b) {
  Product sum;
  for (unsigned bit = 0; bit < 64; ++bit) {
    if ((b >> bit & 1) == 0) continue;
    const uint64_t low = a << bit;
    const uint64_t high = bit == 0 ? 0 : a >> (64 - bit);
    sum.low += low;
    sum.high += high + (sum.low < low ? 1 : 0);
  }
  return sum;
}

uint64_t rotate_left(uint64_t word, unsigned by) {
  return word << by | word >> (64 - by);
}

}  // namespace

Status int_mul_chain(uint32_t operand_set, const StepSink& sink) {
  using namespace int_mul;
  std::vector<uint64_t> state(kStateWords);
  std::vector<uint64_t> params(kParamWords);
  operands(operand_set, state, params);
  for (uint32_t step = 0; step < kSteps; ++step) {
    for (uint32_t i = 0; i < kIterations; ++i) {
      const uint32_t round = i % kRounds;
      for (uint32_t lane = 0; lane < kLanes; ++lane) {
        uint64_t& x = state[lane];
        uint64_t& h = state[kLanes + lane];
        const Product p = multiply(x, params[round * kLanes + lane]);
        x = (rotate_left(p.low, 29) ^ p.high) + params[(kRounds + round) * kLanes + lane];
        h = rotate_left(h + x, 24);
      }
    }
    sink(step, state);
  }
  return {};
}

}  // namespace assay::probes::reference
