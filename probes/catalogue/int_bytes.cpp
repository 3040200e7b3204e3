// SPDX-License-Identifier: Apache-2.0
#include "probes/catalogue/int_bytes.h"

#include <utility>
#include <vector>

#include "common/base/check.h"
#include "probes/catalogue/operand_seed.h"

namespace assay::probes::int_bytes {
namespace {

// Writes a random permutation of 0..8 * words.size() - 1 (Fisher and Yates), a byte each, lowest byte first.
void put_permutation(Random& random, std::span<uint64_t> words) {
  std::vector<uint64_t> order(8 * words.size());
  for (size_t i = 0; i < order.size(); ++i) order[i] = i;
  for (size_t i = order.size() - 1; i > 0; --i) std::swap(order[i], order[random.below(i + 1)]);
  for (uint64_t& word : words) word = 0;
  for (size_t i = 0; i < order.size(); ++i) words[i / 8] |= order[i] << (8 * (i % 8));
}

}  // namespace

void operands(uint32_t operand_set, std::span<uint64_t> state, std::span<uint64_t> params) {
  ASSAY_CHECK(state.size() == kStateWords && params.size() == kParamWords);
  Random random = operand_random(kId, kVersion, operand_set);
  for (uint64_t& word : state) word = random.next();
  for (uint32_t round = 0; round < kRounds; ++round) {
    const std::span<uint64_t> words = params.subspan(size_t{round} * kRoundWords, kRoundWords);
    put_permutation(random, words.first(kQ));
    put_permutation(random, words.subspan(kQ, kC - kQ));
    for (uint64_t& word : words.subspan(kC)) word = random.next();
  }
}

}  // namespace assay::probes::int_bytes
