// SPDX-License-Identifier: Apache-2.0
#include "probes/catalogue/atomics.h"

#include "common/base/check.h"
#include "probes/catalogue/operand_seed.h"

namespace assay::probes::atomics {

void operands(uint32_t operand_set, std::span<uint64_t> state) {
  ASSAY_CHECK(state.size() == kStateWords);
  Random random = operand_random(kId, kVersion, operand_set);
  for (uint32_t i = 0; i < kStateWords; ++i) state[i] = random.next() | (i >= kProduct && i < kHalf ? 1 : 0);
}

}  // namespace assay::probes::atomics
