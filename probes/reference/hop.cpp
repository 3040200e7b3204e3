// SPDX-License-Identifier: Apache-2.0
#include "probes/catalogue/hop.h"

#include <vector>

#include "probes/reference/families.h"

namespace assay::probes::reference {
namespace {

// The low half of a product from 16-bit digits, as on paper.
uint64_t multiply_low(uint64_t a, uint64_t b) {
  uint64_t sum = 0;
  for (unsigned i = 0; i < 4; ++i) {
    for (unsigned j = 0; i + j < 4; ++j) sum += ((a >> 16 * i & 0xFFFF) * (b >> 16 * j & 0xFFFF)) << 16 * (i + j);
  }
  return sum;
}

uint64_t rotate_left(uint64_t word, unsigned by) { return word << by | word >> (64 - by); }

}  // namespace

// One word after the other through all rounds of a step: no role depends on another word.
Status cross_hop(uint32_t operand_set, const StepSink& sink) {
  using namespace hop;
  std::vector<uint64_t> state(kWords);
  std::vector<uint64_t> params(kParamWords);
  operands(operand_set, state, params);
  for (uint32_t step = 0; step < kSteps; ++step) {
    std::vector<uint64_t> output(kOutputWords, 0);
    for (uint32_t round = 0; round < kRounds; ++round) {
      for (uint32_t role = 0; role < kRoles; ++role) {
        for (uint32_t i = 0; i < kWords; ++i) {
          const uint32_t column = role * kColumns + i % kColumns;
          state[i] = rotate_left(multiply_low(state[i] ^ params[kParamWords / 2 + column], params[column]), 29);
          uint64_t& trace = output[kWords + role * kTraces + i % kTraces];
          trace = rotate_left(trace + state[i], 24);
        }
      }
    }
    for (uint32_t i = 0; i < kWords; ++i) output[i] = state[i];
    sink(step, output);
  }
  return {};
}

}  // namespace assay::probes::reference
