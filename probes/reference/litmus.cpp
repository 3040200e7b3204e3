// SPDX-License-Identifier: Apache-2.0
#include "probes/catalogue/litmus.h"

#include <vector>

#include "probes/reference/families.h"

namespace assay::probes::reference {

// Nobody races here: what is left in memory is known, and what is forbidden does not happen.
Status cross_litmus(uint32_t operand_set, const StepSink& sink) {
  using namespace litmus;
  std::vector<uint64_t> z(kColumns);
  std::vector<uint64_t> u(kColumns);
  operands(operand_set, z, u);
  for (uint32_t step = 0; step < kSteps; ++step) {
    for (uint64_t i = 0; i < kRounds; ++i) {
      const uint64_t seed = u[i % kColumns] + (uint64_t{kRounds} * step + i) * 0x9E3779B97F4A7C15;
      const uint64_t v = (seed << 31 | seed >> 33) | 1;
      const uint64_t w = v ^ 0xFFFFFFFFFFFFFFFE;
      uint64_t last_x = v;
      uint64_t last_y = v;
      if (step % kShapes == 4) {
        last_x = w;
        last_y = 0;
      }
      if (step % kShapes == 5) last_y = w;
      for (const uint64_t last : {last_x, last_y}) {
        uint64_t& word = z[i % kColumns];
        word += last;
        word = word << 24 | word >> 40;
      }
    }
    std::vector<uint64_t> output = z;
    output.insert(output.end(), {0, 0, kRounds});
    sink(step, output);
  }
  return {};
}

}  // namespace assay::probes::reference
