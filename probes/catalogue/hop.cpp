// SPDX-License-Identifier: Apache-2.0
#include "probes/catalogue/hop.h"

#include "common/base/check.h"
#include "probes/catalogue/operand_seed.h"

namespace assay::probes::hop {

void operands(uint32_t operand_set, std::span<uint64_t> state, std::span<uint64_t> params) {
  ASSAY_CHECK(state.size() == kWords && params.size() == kParamWords);
  Random random = operand_random(kId, kVersion, operand_set);
  for (uint64_t& word : state) word = random.next();
  for (uint32_t i = 0; i < kParamWords; ++i) params[i] = random.next() | (i < kParamWords / 2 ? 1 : 0);
}

}  // namespace assay::probes::hop
