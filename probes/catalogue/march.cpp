// SPDX-License-Identifier: Apache-2.0
#include "probes/catalogue/march.h"

#include "probes/catalogue/operand_seed.h"

namespace assay::probes::march {

std::array<Background, kBackgrounds> operands(uint32_t operand_set) {
  constexpr std::array<uint64_t, 6> kClassic = {0x0000000000000000, 0x5555555555555555, 0x3333333333333333,
                                                0x0F0F0F0F0F0F0F0F, 0x00FF00FF00FF00FF, 0x0000FFFF0000FFFF};
  Random random = operand_random(kId, kVersion, operand_set);
  std::array<Background, kBackgrounds> result;
  result[0] = {random.next(), random.next() | 1};
  const uint64_t word = random.next();
  const uint64_t pattern = operand_set % 8 < kClassic.size() ? kClassic[operand_set % 8] : word;
  result[1] = {pattern ^ pattern >> 32, 0};  // the map p is its own inverse
  return result;
}

}  // namespace assay::probes::march
