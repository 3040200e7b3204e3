// SPDX-License-Identifier: Apache-2.0
#include "probes/catalogue/div.h"

#include <vector>

#include "probes/reference/families.h"
#include "probes/reference/soft_float.h"

namespace assay::probes::reference {

Status div_f64_chain(uint32_t operand_set, const StepSink& sink) {
  using namespace div;
  std::vector<uint64_t> state(kStateWords);
  std::vector<uint64_t> params(kParamWords);
  operands(operand_set, state, params);
  const auto take_in = [](uint64_t word, uint64_t result) {
    const uint64_t sum = word + result;
    return sum << 24 | sum >> 40;
  };
  for (uint32_t step = 0; step < kSteps; ++step) {
    for (uint32_t i = 0; i < kIterations; ++i) {
      for (uint32_t lane = 0; lane < kLanes; ++lane) {
        uint64_t& u = state[lane];
        uint64_t& v = state[kLanes + lane];
        v = take_in(v, soft_divide(kBinary64, params[i % kRounds * kLanes + lane], (u & kKeep) | kSet));
        u = take_in(u, soft_sqrt(kBinary64, (v & kKeepPositive) | kSet));
      }
    }
    sink(step, state);
  }
  return {};
}

}  // namespace assay::probes::reference
