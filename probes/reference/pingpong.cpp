// SPDX-License-Identifier: Apache-2.0
#include "probes/catalogue/pingpong.h"

#include <vector>

#include "probes/reference/families.h"

namespace assay::probes::reference {

// Word after word, each through all passes of a step: none depends on another.
Status cross_pingpong(uint32_t operand_set, const StepSink& sink) {
  using namespace pingpong;
  std::vector<uint64_t> state(kStateWords);
  std::vector<uint64_t> params(kParamWords);
  operands(operand_set, state, params);
  for (uint32_t step = 0; step < kSteps; ++step) {
    for (uint32_t i = 0; i < kWords; ++i) {
      const uint64_t a = params[i / kLineWords];
      const uint64_t c = params[kLines + i / kLineWords];
      for (uint32_t pass = 0; pass < kPasses; ++pass) {
        const uint64_t sum = state[i] * a + c;
        state[i] = sum << 29 | sum >> 35;
      }
    }
    for (uint32_t byte = 0; byte < kLines * kLineBytes; ++byte) {
      const uint64_t a = params[byte / kLineBytes] % 256;
      const uint64_t c = params[kLines + byte / kLineBytes] % 256;
      uint64_t& word = state[kWords + byte / 8];
      const unsigned at = byte % 8 * 8;
      uint64_t value = word >> at & 0xFF;
      for (uint32_t pass = 0; pass < kPasses; ++pass) value = (value * a + c + pass) % 256;
      word = (word & ~(uint64_t{0xFF} << at)) | value << at;
    }
    sink(step, state);
  }
  return {};
}

}  // namespace assay::probes::reference
