// SPDX-License-Identifier: Apache-2.0
#include "probes/catalogue/sort.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "common/base/random.h"
#include "probes/backend/host/sort/methods.h"

namespace assay::probes::host {
namespace {

using Elements = std::vector<SortElement>;

bool before(const SortElement& a, const SortElement& b) { return std::tie(a.key, a.payload) < std::tie(b.key, b.payload); }
bool same(const SortElement& a, const SortElement& b) { return a.key == b.key && a.payload == b.payload; }

Elements made(const std::function<SortElement(uint32_t)>& element) {
  Elements elements;
  for (uint32_t i = 0; i < sort::kElements; ++i) elements.push_back(element(i));
  return elements;
}

// What sorting methods stumble over.
std::map<std::string, Elements> inputs() {
  Random random(5);
  return {{"random", made([&](uint32_t) { return SortElement{random.next(), random.next()}; })},
          {"rising", made([](uint32_t i) { return SortElement{i, i}; })},
          {"falling", made([](uint32_t i) { return SortElement{~uint64_t{i}, i}; })},
          {"all equal", made([](uint32_t) { return SortElement{7, 7}; })},
          {"equal keys", made([&](uint32_t) { return SortElement{7, random.next()}; })},
          {"two keys", made([&](uint32_t) { return SortElement{random.below(2), random.below(3)}; })},
          {"organ pipe", made([](uint32_t i) { return SortElement{std::min(i, sort::kElements - i), i}; })},
          {"extremes", made([](uint32_t i) { return SortElement{i % 3 == 0 ? 0 : ~uint64_t{0}, i % 2 == 0 ? ~uint64_t{0} : 0}; })}};
}

TEST(SortMethods, PutEveryInputInOrder) {
  const std::map<std::string, void (*)(SortElement*)> methods = {
      {"quick", sort_quick}, {"merge", sort_merging}, {"radix", sort_radix}, {"heap", sort_heap}, {"network", sort_network}};
  for (const auto& [input_name, input] : inputs()) {
    Elements expected = input;
    std::ranges::sort(expected, before);
    for (const auto& [method_name, method] : methods) {
      Elements actual = input;
      method(actual.data());
      EXPECT_TRUE(std::ranges::equal(actual, expected, same)) << method_name << " of " << input_name;
    }
  }
}

TEST(SortOperands, HaveDuplicatesInHalfOfTheKeys) {
  std::vector<uint64_t> state(sort::kStateWords);
  std::vector<uint64_t> params(sort::kParamWords);
  sort::operands(3, state, params);
  std::map<uint64_t, uint32_t> counts;
  for (uint32_t i = 0; i < sort::kElements; ++i) ++counts[state[2 * i]];
  EXPECT_EQ(counts.size(), sort::kElements / 2 + sort::kPool);
  for (uint32_t round = 0; round < sort::kRounds; ++round) {
    EXPECT_EQ(params[round * sort::kRoundWords] % 2, 1U) << "the multiplier is a bijection";
    EXPECT_EQ(params[round * sort::kRoundWords + 2] % 2, 1U) << "the places are a permutation";
  }
}

}  // namespace
}  // namespace assay::probes::host
