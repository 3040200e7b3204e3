// SPDX-License-Identifier: Apache-2.0
#include "probes/catalogue/lock.h"

#include "common/base/check.h"
#include "probes/catalogue/operand_seed.h"

namespace assay::probes::lock {

void operands(uint32_t operand_set, std::span<uint64_t> state, std::span<uint64_t> factors) {
  ASSAY_CHECK(state.size() == kStateWords && factors.size() == kRecordWords);
  Random random = operand_random(kId, kVersion, operand_set);
  for (uint64_t& word : state) word = random.next();
  for (uint64_t& factor : factors) factor = random.next() | 1;
  factors[0] = 1;
}

}  // namespace assay::probes::lock
