// SPDX-License-Identifier: Apache-2.0
#include "probes/catalogue/float_operands.h"

namespace assay::probes {

// Sign, low four exponent bits and mantissa stay; the exponent field becomes 0x3F7..0x406 (FP32: 0x77..0x86), that is -8..7.

void draw_operands_f64(Random random, std::span<uint64_t> state, std::span<uint64_t> params) {
  for (uint64_t& word : state) word = random.next();
  for (uint64_t& word : params) {
    const uint64_t bits = random.next();
    word = (bits & 0x800FFFFFFFFFFFFF) | (0x3F7 + ((bits >> 52) & 15)) << 52;
  }
}

void draw_operands_f32(Random random, std::span<uint64_t> state, std::span<uint64_t> params) {
  for (uint64_t& word : state) word = random.next();
  const auto narrow = [](uint32_t bits) { return (bits & 0x807FFFFF) | (0x77 + ((bits >> 23) & 15)) << 23; };
  for (uint64_t& word : params) {
    const uint64_t bits = random.next();
    word = narrow(static_cast<uint32_t>(bits)) | static_cast<uint64_t>(narrow(static_cast<uint32_t>(bits >> 32))) << 32;
  }
}

}  // namespace assay::probes
