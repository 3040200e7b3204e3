// SPDX-License-Identifier: Apache-2.0
#include "probes/catalogue/logistic.h"

#include "common/base/check.h"
#include "probes/catalogue/operand_seed.h"

namespace assay::probes::logistic {

void operands(uint32_t operand_set, std::span<uint64_t> state, std::span<uint64_t> params) {
  ASSAY_CHECK(state.size() == kStateWords && params.size() == kParamWords);
  Random random = operand_random(kId, kVersion, operand_set);
  for (uint64_t& word : state) word = random.next();
  // 1.11..b times 2: at least 3.5.
  for (uint64_t& word : params) word = (random.next() & 0x0003FFFFFFFFFFFF) | 0x400C000000000000;
}

}  // namespace assay::probes::logistic
