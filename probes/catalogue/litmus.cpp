// SPDX-License-Identifier: Apache-2.0
#include "probes/catalogue/litmus.h"

#include "common/base/check.h"
#include "probes/catalogue/operand_seed.h"

namespace assay::probes::litmus {

void operands(uint32_t operand_set, std::span<uint64_t> z, std::span<uint64_t> u) {
  ASSAY_CHECK(z.size() == kColumns && u.size() == kColumns);
  Random random = operand_random(kId, kVersion, operand_set);
  for (uint64_t& word : z) word = random.next();
  for (uint64_t& word : u) word = random.next();
}

}  // namespace assay::probes::litmus
