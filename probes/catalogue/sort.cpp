// SPDX-License-Identifier: Apache-2.0
#include "probes/catalogue/sort.h"

#include <array>

#include "common/base/check.h"
#include "probes/catalogue/operand_seed.h"

namespace assay::probes::sort {

void operands(uint32_t operand_set, std::span<uint64_t> state, std::span<uint64_t> params) {
  ASSAY_CHECK(state.size() == kStateWords && params.size() == kParamWords);
  Random random = operand_random(kId, kVersion, operand_set);
  std::array<uint64_t, kPool> pool{};
  for (uint64_t& key : pool) key = random.next();
  for (uint32_t i = 0; i < kElements; ++i) {
    state[2 * i] = i % 2 == 0 ? random.next() : pool[random.next() % kPool];
    state[2 * i + 1] = random.next();
  }
  for (uint32_t i = 0; i < kParamWords; ++i) params[i] = random.next() | (i % 2 == 0 ? 1 : 0);
}

}  // namespace assay::probes::sort
