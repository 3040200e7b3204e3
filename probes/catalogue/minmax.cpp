// SPDX-License-Identifier: Apache-2.0
#include "probes/catalogue/minmax.h"

#include "common/base/check.h"
#include "probes/catalogue/operand_seed.h"

namespace assay::probes::minmax {
namespace {

// A random number of up to `bits` bits, of a random length.
uint64_t of_random_length(Random& random, uint32_t bits) {
  const uint64_t length = random.below(bits + 1);
  const uint64_t drawn = random.next();
  return length == 0 ? 0 : drawn >> (64 - length);
}

}  // namespace

void operands(uint32_t operand_set, std::span<uint64_t> state, std::span<uint64_t> params) {
  ASSAY_CHECK(state.size() == kStateWords && params.size() == kParamWords);
  Random random = operand_random(kId, kVersion, operand_set);
  for (uint64_t& word : state) word = random.next();
  for (uint32_t i = 0; i < kRounds * kLanes; ++i) {
    const bool bytewise = (i / kLanes & 2) == 0;
    uint64_t difference = bytewise ? 0 : of_random_length(random, 64);
    for (unsigned byte = 0; bytewise && byte < 8; ++byte) difference |= of_random_length(random, 8) << (8 * byte);
    params[i] = difference;
  }
  for (uint64_t& word : params.subspan(kRounds * kLanes)) word = random.next();
}

}  // namespace assay::probes::minmax
