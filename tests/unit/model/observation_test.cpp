// SPDX-License-Identifier: Apache-2.0
#include "common/model/observation.h"

#include "common/model/device.h"

namespace assay {
namespace {

TEST(RunFold, DependsOnEveryDigestItsSetAndTheirOrder) {
  const auto fold = [](std::initializer_list<std::pair<uint32_t, Digest>> runs) {
    RunFold state;
    for (const auto& [set, digest] : runs) state.add(set, digest);
    return state.value();
  };
  const Digest a{1, 2};
  const Digest b{3, 4};
  const Digest right = fold({{0, a}, {1, b}});
  EXPECT_EQ(right, fold({{0, a}, {1, b}}));
  EXPECT_NE(right, fold({{0, b}, {1, a}}));
  EXPECT_NE(right, fold({{1, b}, {0, a}}));
  EXPECT_NE(right, fold({{0, a}}));
  EXPECT_NE(right, fold({{0, a}, {2, b}}));
}

TEST(UnitResult, RunsGoRoundTheSetsAndWrap) {
  UnitResult result;
  result.first_set = 254;
  result.set_count = 4;
  std::vector<uint32_t> sets;
  for (uint32_t run = 0; run < 6; ++run) sets.push_back(operand_set_of_run(result, run, 256));
  EXPECT_EQ(sets, (std::vector<uint32_t>{254, 255, 0, 1, 254, 255}));
}

TEST(FaultShape, NamesRoundTripAndUnknownOnesListTheChoice) {
  for (uint8_t i = 0; i <= static_cast<uint8_t>(kLastFaultShape); ++i) {
    EXPECT_EQ(*parse_fault_shape(to_string(static_cast<FaultShape>(i))), static_cast<FaultShape>(i));
  }
  EXPECT_NE(parse_fault_shape("gremlin").error().message.find("bit_flip"), std::string::npos);
}

TEST(Names, AreShortAndPlain) {
  EXPECT_TRUE(is_valid_name("gpu-8f.a_b:C"));
  for (const char* wrong : {"", "-x", ".x", "a b", "a/b", "a\n", "ä"}) EXPECT_FALSE(is_valid_name(wrong)) << wrong;
  EXPECT_FALSE(is_valid_name(std::string(129, 'a')));
}

}  // namespace
}  // namespace assay
