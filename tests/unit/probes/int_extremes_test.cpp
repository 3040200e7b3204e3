// SPDX-License-Identifier: Apache-2.0
// Integer probes on operands that random words hardly ever make: zero, all ones, the ends of every width. Chains never come to them by
// themselves in a lifetime, so goldens do not prove that the variants agree there; a defect may well bring them.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <set>
#include <vector>

#include "common/base/random.h"
#include "probes/backend/host/kernel.h"
#include "probes/catalogue/catalogue.h"
#include "probes/catalogue/int_bytes.h"
#include "probes/catalogue/int_div.h"

namespace assay::probes::host {
namespace {

constexpr std::array<uint64_t, 10> kExtremes = {0,
                                                ~uint64_t{0},
                                                1,
                                                uint64_t{1} << 63,
                                                (uint64_t{1} << 63) - 1,
                                                0x8000000080000000,
                                                0x8000800080008000,
                                                0x8080808080808080,
                                                0x7FFF7FFF7FFF7FFF,
                                                0x00000000FFFFFFFF};

void fill(std::span<uint64_t> state, uint64_t seed) {
  Random random(seed);
  for (uint64_t& word : state) word = kExtremes[random.below(kExtremes.size())];
}

class IntegerProbe : public testing::TestWithParam<const char*> {};

TEST_P(IntegerProbe, VariantsAgreeOnExtremesOfTheState) {
  std::vector<std::unique_ptr<Kernel>> variants;
  for (const KernelEntry& entry : kernels()) {
    if (entry.probe_id == GetParam() && is_supported(entry)) variants.push_back(entry.make({}));
  }
  ASSERT_FALSE(variants.empty());
  for (uint64_t seed = 0; seed < 50; ++seed) {
    std::vector<uint64_t> expected;
    for (const auto& kernel : variants) {
      kernel->prepare(0);
      fill(kernel->state(), seed);
      kernel->step(0);
      const std::vector<uint64_t> output(kernel->output().begin(), kernel->output().end());
      if (expected.empty()) expected = output;
      ASSERT_EQ(output, expected) << "seed " << seed;
    }
  }
}

// All words alike: masks of all ones or all zeros, shifts by nothing or by most, products of the least by the least.
TEST_P(IntegerProbe, VariantsAgreeWhereAllWordsAreAlike) {
  for (const uint64_t word : kExtremes) {
    std::set<std::vector<uint64_t>> outputs;
    for (const KernelEntry& entry : kernels()) {
      if (entry.probe_id != GetParam() || !is_supported(entry)) continue;
      const auto kernel = entry.make({});
      kernel->prepare(0);
      std::ranges::fill(kernel->state(), word);
      kernel->step(0);
      outputs.emplace(kernel->output().begin(), kernel->output().end());
    }
    EXPECT_EQ(outputs.size(), 1U) << std::hex << word;
  }
}

INSTANTIATE_TEST_SUITE_P(Catalogue, IntegerProbe,
                         testing::Values("int.mul.chain", "int.mul32.chain", "int.mul52.chain", "int.div.chain", "int.alu.chain",
                                         "int.bits.chain", "int.bytes.chain", "clmul.chain", "mask.ops", "gather.scatter"),
                         [](const auto& probe) {
                           std::string name = probe.param;
                           std::ranges::replace(name, '.', '_');
                           return name;
                         });

TEST(IntDiv, ShiftsLeaveDivisorsOfEveryWidth) {
  std::set<uint64_t> of_64_bits;
  std::set<uint64_t> of_32_bits;
  for (uint32_t set = 0; set < 8; ++set) {
    std::vector<uint64_t> state(int_div::kStateWords);
    std::vector<uint64_t> params(int_div::kParamWords);
    int_div::operands(set, state, params);
    for (size_t i = params.size() / 2; i < params.size(); ++i) {
      EXPECT_EQ(params[i] & ~uint64_t{0x1F3F}, 0U);
      of_64_bits.insert(params[i] & 63);
      of_32_bits.insert(params[i] >> 8);
    }
  }
  EXPECT_EQ(of_64_bits.size(), 64U);
  EXPECT_EQ(of_32_bits.size(), 32U);
}

TEST(IntBytes, IndicesArePermutations) {
  const auto is_permutation = [](std::span<const uint64_t> words) {
    std::set<uint64_t> seen;
    for (const uint64_t word : words) {
      for (unsigned i = 0; i < 8; ++i) seen.insert(word >> (8 * i) & 255);
    }
    return seen.size() == 8 * words.size() && *seen.rbegin() == 8 * words.size() - 1;
  };
  for (const uint32_t set : {0U, 100U, 255U}) {
    std::vector<uint64_t> state(int_bytes::kStateWords);
    std::vector<uint64_t> params(int_bytes::kParamWords);
    int_bytes::operands(set, state, params);
    for (uint32_t round = 0; round < int_bytes::kRounds; ++round) {
      const std::span<const uint64_t> words(&params[size_t{round} * int_bytes::kRoundWords], int_bytes::kRoundWords);
      EXPECT_TRUE(is_permutation(words.first(int_bytes::kQ))) << set << " " << round;
      EXPECT_TRUE(is_permutation(words.subspan(int_bytes::kQ, 2 * int_bytes::kVectorWords))) << set << " " << round;
    }
  }
}

}  // namespace
}  // namespace assay::probes::host
