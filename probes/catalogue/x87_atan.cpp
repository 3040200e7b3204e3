// SPDX-License-Identifier: Apache-2.0
#include "probes/catalogue/x87_atan.h"

#include "common/base/check.h"
#include "probes/catalogue/operand_seed.h"

namespace assay::probes::x87_atan {
namespace {

struct Salted {
  uint32_t operand_set;
  uint64_t salt;
};
// The sets whose first draw the reference refuses.
constexpr Salted kSalted[] = {{57, 2}, {173, 1}};

uint64_t salt_of(uint32_t operand_set) {
  for (const Salted& salted : kSalted) {
    if (salted.operand_set == operand_set) return salted.salt;
  }
  return 0;
}

}  // namespace

void operands(uint32_t operand_set, std::span<uint64_t> state, std::span<uint64_t> params) {
  ASSAY_CHECK(state.size() == kStateWords && params.size() == kParamWords);
  Random random = operand_random(kId, kVersion, operand_set);
  for (uint64_t skip = salt_of(operand_set); skip > 0; --skip) random.next();
  for (uint64_t& word : state) word = random.next();
  for (uint64_t& word : params) word = random.next();
}

}  // namespace assay::probes::x87_atan
