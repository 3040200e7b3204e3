// SPDX-License-Identifier: Apache-2.0
#include "common/model/incident.h"

#include <set>

namespace assay {
namespace {

TEST(Verdict, OnlyConfirmedOnesCondemn) {
  EXPECT_TRUE(condemns(Verdict::kConfirmedUnit));
  EXPECT_TRUE(condemns(Verdict::kControlMissed));
  EXPECT_FALSE(condemns(Verdict::kOpen));
  EXPECT_FALSE(condemns(Verdict::kUnreproduced));
  EXPECT_FALSE(condemns(Verdict::kProbeSuspect)) << "a wrong golden must not drain";
}

TEST(Verdict, EachHasItsOwnNameAndRecommendation) {
  std::set<std::string_view> names;
  std::set<std::string_view> words;
  for (uint8_t i = 0; i <= static_cast<uint8_t>(kLastVerdict); ++i) {
    names.insert(to_string(static_cast<Verdict>(i)));
    words.insert(recommendation(static_cast<Verdict>(i)));
  }
  EXPECT_EQ(names.size(), static_cast<size_t>(kLastVerdict) + 1);
  EXPECT_EQ(words.size(), static_cast<size_t>(kLastVerdict) + 1);
  EXPECT_FALSE(words.contains(""));
}

}  // namespace
}  // namespace assay
