// SPDX-License-Identifier: Apache-2.0
#include "probes/catalogue/shuffle.h"

#include <array>
#include <utility>

#include "common/base/check.h"
#include "probes/catalogue/operand_seed.h"

namespace assay::probes::shuffle {
namespace {

// A random permutation of 0..kSize-1 (Fisher and Yates).
template <size_t kSize>
std::array<uint64_t, kSize> permutation(Random& random) {
  std::array<uint64_t, kSize> order{};
  for (size_t i = 0; i < kSize; ++i) order[i] = i;
  for (size_t i = kSize - 1; i > 0; --i) std::swap(order[i], order[random.below(i + 1)]);
  return order;
}

}  // namespace

void operands(uint32_t operand_set, std::span<uint64_t> state, std::span<uint64_t> params) {
  ASSAY_CHECK(state.size() == kStateWords && params.size() == kParamWords);
  Random random = operand_random(kId, kVersion, operand_set);
  for (uint64_t& word : state) word = random.next();
  for (uint32_t round = 0; round < kRounds; ++round) {
    const std::span<uint64_t> words = params.subspan(size_t{round} * kRoundWords, kRoundWords);
    for (uint64_t& word : words) word = 0;
    for (size_t block = 0; block < 4; ++block) {
      const auto order = permutation<16>(random);
      for (size_t i = 0; i < 16; ++i) words[2 * block + i / 8] |= order[i] << (8 * (i % 8));
    }
    for (size_t half = 0; half < 2; ++half) {
      const auto order = permutation<8>(random);
      for (size_t i = 0; i < 8; ++i) words[kLaneIndexWord + 4 * half + i / 2] |= order[i] << (32 * (i % 2));
    }
    for (size_t i = kConstantWord; i < kRoundWords; ++i) words[i] = random.next();
  }
}

}  // namespace assay::probes::shuffle
