// SPDX-License-Identifier: Apache-2.0
#include "probes/catalogue/x87.h"

#include "common/base/check.h"
#include "probes/catalogue/operand_seed.h"

namespace assay::probes::x87 {

void operands(uint32_t operand_set, std::span<uint64_t> state, std::span<uint64_t> params) {
  ASSAY_CHECK(state.size() == kStateWords && params.size() == kParamWords);
  Random random = operand_random(kIdArith, kVersion, operand_set);
  for (uint64_t& word : state) word = random.next();
  for (const uint32_t table : {0U, 2 * kTable}) {
    for (uint32_t i = 0; i < kTable; ++i) {
      params[table + i] = random.next() | kLeadingBit;
      const uint64_t bits = random.next();
      params[table + kTable + i] = (bits & kSignBit) | (kWindowExponent + (bits & 15));
    }
  }
}

}  // namespace assay::probes::x87
