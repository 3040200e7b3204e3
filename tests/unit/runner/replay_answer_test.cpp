// SPDX-License-Identifier: Apache-2.0
#include "probes/runner/replay_answer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/format.h>

namespace assay::probes {
namespace {

constexpr char kOne[] = "7f83b1657ff1fc53b92dc18148a1d65d";

std::string answer_of(const std::vector<std::string>& digests) { return fmt::format("{{\"digests\":[\"{}\"]}}", fmt::join(digests, "\",\"")); }

TEST(ReplayQuestion, IsOneLineWhoseSeedIsTheSameOnEveryUnit) {
  const std::string line = question_line({{"user.mine", 2}, 7, 3, 12, 1500});
  EXPECT_THAT(line, testing::MatchesRegex(
                        R"(\{"replay":"user.mine","version":2,"operand_set":7,"unit":3,"cpu":12,"seed":"[0-9a-f]{16}","budget_ms":1500\})"
                        "\n"));
  const auto seed = [](const ReplayQuestion& question) { return question_line(question).substr(question_line(question).find("seed"), 24); };
  EXPECT_EQ(seed({{"user.mine", 2}, 7, 0, 0, 9}), seed({{"user.mine", 2}, 7, 3, 12, 1500}));
  EXPECT_NE(seed({{"user.mine", 2}, 8, 3, 12, 1500}), seed({{"user.mine", 2}, 7, 3, 12, 1500}));
  EXPECT_NE(seed({{"user.mine", 3}, 7, 3, 12, 1500}), seed({{"user.mine", 2}, 7, 3, 12, 1500}));
}

TEST(ReplayAnswer, TakesDigestsInTheirOrder) {
  const auto one = parse_answer(answer_of({kOne}) + "\n");
  ASSERT_TRUE(one.ok()) << one.error().message;
  EXPECT_EQ(to_hex(one->digests.at(0)), kOne);
  const std::string other(32, 'a');
  const auto two = parse_answer(fmt::format(" {{ \"digests\" : [ \"{}\" ,\n\"{}\" ] }} ", kOne, other));
  ASSERT_TRUE(two.ok()) << two.error().message;
  ReplayAnswer swapped = *two;
  std::swap(swapped.digests[0], swapped.digests[1]);
  EXPECT_NE(digest_of(*two), digest_of(swapped));
  EXPECT_NE(digest_of(*two), digest_of(*one));
}

TEST(ReplayAnswer, MaySayThatItCouldNotTell) {
  const auto answer = parse_answer(R"({"inconclusive":"no licence"})");
  ASSERT_TRUE(answer.ok());
  EXPECT_EQ(answer->inconclusive, "no licence");
}

TEST(ReplayAnswer, AnythingElseIsMalformed) {
  const std::string good = answer_of({kOne});
  for (size_t size = 0; size < good.size(); ++size) EXPECT_FALSE(parse_answer(good.substr(0, size)).ok()) << size;
  const std::string many = answer_of(std::vector<std::string>(kReplayDigests + 1, kOne));
  for (const std::string& text :
       {good + "x", good + good, many, std::string("[]"), std::string("{}"), std::string(R"({"digests":[]})"), std::string(R"({"digests":"x"})"),
        std::string(R"({"digests":["7F83B1657FF1FC53B92DC18148A1D65D"]})"), std::string(R"({"digests":["7f83"]})"), std::string(R"({"digests":[7]})"),
        std::string(R"({"result":["7f83b1657ff1fc53b92dc18148a1d65d"]})"), std::string(R"({"inconclusive":7})"), std::string(R"({"inconclusive":"a\nb"})"),
        std::string(kReplayAnswerBytes + 1, ' ')}) {
    const auto answer = parse_answer(text);
    ASSERT_FALSE(answer.ok()) << text;
    EXPECT_EQ(answer.error().code, ErrorCode::kInvalid);
  }
}

}  // namespace
}  // namespace assay::probes
