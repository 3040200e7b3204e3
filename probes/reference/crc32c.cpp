// SPDX-License-Identifier: Apache-2.0
#include "probes/reference/crc32c.h"

#include <vector>

#include "probes/catalogue/crc32c.h"
#include "probes/reference/families.h"

namespace assay::probes::reference {

uint32_t crc32c_byte(uint32_t crc, uint8_t byte) {
  for (int bit = 0; bit < 8; ++bit) {
    const bool feedback = ((crc ^ byte >> bit) & 1) != 0;
    crc = crc >> 1 ^ (feedback ? crc32c::kPolynomial : 0);
  }
  return crc;
}

Status crc32c_chain(uint32_t operand_set, const StepSink& sink) {
  using namespace crc32c;
  std::vector<uint64_t> state(kStateWords);
  std::vector<uint64_t> data(kParamWords);
  operands(operand_set, state, data);
  for (uint32_t step = 0; step < kSteps; ++step) {
    for (uint32_t lane = 0; lane < kLanes; ++lane) {
      auto crc = static_cast<uint32_t>(state[lane]);
      for (uint32_t k = 0; k < kDataWords; ++k) {
        const uint64_t word = data[(k + kLaneDistance * lane) % kDataWords];
        for (int byte = 0; byte < 8; ++byte) crc = crc32c_byte(crc, static_cast<uint8_t>(word >> (8 * byte)));
      }
      state[lane] = crc;
    }
    sink(step, state);
  }
  return {};
}

}  // namespace assay::probes::reference
