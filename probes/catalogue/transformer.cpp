// SPDX-License-Identifier: Apache-2.0
#include "probes/catalogue/transformer.h"

#include <algorithm>

#include "common/base/check.h"
#include "probes/catalogue/operand_seed.h"

namespace assay::probes::transformer {
namespace {

// The bits of a weight: sign and mantissa as drawn, exponent -4..-1; a gain is positive, with exponent -1 or 0.
uint32_t weight_bits(uint32_t index, uint32_t random) {
  const bool is_gain =
      (index >= weight::kG1 && index < weight::kB1) || (index >= weight::kG2 && index < weight::kB2);
  if (is_gain) return (random & 0x007FFFFF) | (126 + (random >> 23 & 1)) << 23;
  return (random & 0x807FFFFF) | (123 + (random >> 23 & 3)) << 23;
}

}  // namespace

void operands(uint32_t operand_set, std::span<uint64_t> state, std::span<uint64_t> params) {
  ASSAY_CHECK(state.size() == kStateWords && params.size() == kParamWords);
  Random random = operand_random(kId, kVersion, operand_set);
  std::ranges::fill(state, 0);
  for (uint32_t i = 0; i < weight::kCount; ++i) {
    const auto drawn = static_cast<uint32_t>(random.next() >> 32);
    state[i / 2] |= static_cast<uint64_t>(weight_bits(i, drawn)) << (32 * (i % 2));
  }
  for (uint64_t& word : params) word = random.below(kWords);
}

}  // namespace assay::probes::transformer
