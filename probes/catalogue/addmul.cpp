// SPDX-License-Identifier: Apache-2.0
#include "probes/catalogue/addmul.h"

#include "common/base/check.h"
#include "probes/catalogue/operand_seed.h"

namespace assay::probes::addmul {

void operands_f64(uint32_t operand_set, std::span<uint64_t> state, std::span<uint64_t> params) {
  ASSAY_CHECK(state.size() == kStateWords && params.size() == kParamWords);
  Random random = operand_random(kIdF64, kVersion, operand_set);
  for (uint64_t& word : state) word = random.next();
  // Sign, low four exponent bits and mantissa stay; the exponent field becomes 0x3F7..0x406, that is -8..7.
  for (uint64_t& word : params) {
    const uint64_t bits = random.next();
    word = (bits & 0x800FFFFFFFFFFFFF) | (0x3F7 + ((bits >> 52) & 15)) << 52;
  }
}

void operands_f32(uint32_t operand_set, std::span<uint64_t> state, std::span<uint64_t> params) {
  ASSAY_CHECK(state.size() == kStateWords && params.size() == kParamWords);
  Random random = operand_random(kIdF32, kVersion, operand_set);
  for (uint64_t& word : state) word = random.next();
  const auto narrow = [](uint32_t bits) { return (bits & 0x807FFFFF) | (0x77 + ((bits >> 23) & 15)) << 23; };
  for (uint64_t& word : params) {
    const uint64_t bits = random.next();
    word = narrow(static_cast<uint32_t>(bits)) | static_cast<uint64_t>(narrow(static_cast<uint32_t>(bits >> 32))) << 32;
  }
}

}  // namespace assay::probes::addmul
