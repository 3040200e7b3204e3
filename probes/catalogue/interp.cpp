// SPDX-License-Identifier: Apache-2.0
#include "probes/catalogue/interp.h"

#include <utility>

#include "common/base/check.h"
#include "probes/catalogue/operand_seed.h"

namespace assay::probes::interp {

void operands(uint32_t operand_set, std::span<uint64_t> state, std::span<uint64_t> params) {
  ASSAY_CHECK(state.size() == kStateWords && params.size() == kParamWords);
  Random random = operand_random(kId, kVersion, operand_set);
  for (uint64_t& word : state) word = random.next();
  for (uint32_t i = 0; i < kParamWords; ++i) {
    const uint64_t op = i % 16;
    const uint64_t a = random.below(16);
    const uint64_t b = (a + 1 + random.below(15)) % 16;
    const uint64_t c = (a + 1 + random.below(15)) % 16;
    params[i] = op | a << 4 | b << 8 | c << 12 | random.next() << 16;
  }
  for (uint32_t i = kParamWords; i > 1; --i) std::swap(params[i - 1], params[random.below(i)]);
}

}  // namespace assay::probes::interp
