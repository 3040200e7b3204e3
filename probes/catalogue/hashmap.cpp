// SPDX-License-Identifier: Apache-2.0
#include "probes/catalogue/hashmap.h"

#include "common/base/check.h"
#include "probes/catalogue/operand_seed.h"

namespace assay::probes::hashmap {

Walk operands(uint32_t operand_set, std::span<uint64_t> params) {
  ASSAY_CHECK(params.size() == kParamWords);
  constexpr uint64_t kNeverZero = kKeys;  // one bit above the index
  Random random = operand_random(kId, kVersion, operand_set);
  for (uint64_t& word : params) word = random.next();
  for (uint32_t i = 0; i < kKeys; ++i) params[i] = (params[i] & ~uint64_t{kKeys - 1}) | kNeverZero | i;
  Walk walk;
  walk.cursor = random.next();
  walk.digest = random.next();
  return walk;
}

}  // namespace assay::probes::hashmap
