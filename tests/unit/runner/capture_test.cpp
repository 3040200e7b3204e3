// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/host/capture.h"

#include "common/base/random.h"

namespace assay::probes::host {
namespace {

const std::vector<uint64_t> kFirst = {1, 2, 3};
const std::vector<uint64_t> kSecond = {4, 5, 6};

Digest digest_of_both() {
  Digest128 digest;
  digest.add(kFirst);
  digest.add(kSecond);
  return digest.value();
}

constexpr uint64_t kPoison = 0x5050'5050'5050'5050;

// Adds a copy of `words`, and looks whether all of it was poisoned.
void add(Capture& capture, std::vector<uint64_t> words) {
  const size_t size = words.size();
  capture.add(words, kPoison);
  EXPECT_EQ(words, std::vector<uint64_t>(size, kPoison));
}

TEST(Capture, KeepsEveryWordWhileTheyFit) {
  Capture capture(48);
  capture.begin(2, 3);
  add(capture, kFirst);
  add(capture, kSecond);
  EXPECT_EQ(std::vector<uint64_t>(capture.words().begin(), capture.words().end()), (std::vector<uint64_t>{1, 2, 3, 4, 5, 6}));
  EXPECT_TRUE(capture.prefixes().empty());
  EXPECT_EQ(capture.digest(), digest_of_both());
}

TEST(Capture, KeepsADigestAStepWhenTheyDoNot) {
  Capture capture(47);
  capture.begin(2, 3);
  add(capture, kFirst);
  add(capture, kSecond);
  EXPECT_TRUE(capture.words().empty());
  ASSERT_EQ(capture.prefixes().size(), 2U);
  EXPECT_EQ(capture.prefixes()[1], digest_of_both());
  EXPECT_EQ(capture.digest(), digest_of_both());
}

TEST(Capture, KeepsOneStepAloneWhenAsked) {
  Capture capture(24, 1);
  capture.begin(2, 3);
  add(capture, kFirst);
  add(capture, kSecond);
  EXPECT_EQ(capture.first_step(), 1U);
  EXPECT_EQ(std::vector<uint64_t>(capture.words().begin(), capture.words().end()), kSecond);
  EXPECT_EQ(capture.digest(), digest_of_both());
}

// More than the caches hold takes another way; odd sizes end amid its vectors.
class CaptureOfLargeOutputs : public testing::TestWithParam<size_t> {};

TEST_P(CaptureOfLargeOutputs, KeepsEveryWord) {
  constexpr uint32_t kSteps = 7;
  const size_t words = GetParam();
  Capture capture(uint64_t{16} << 20);
  Digest128 digest;
  std::vector<uint64_t> all;
  capture.begin(kSteps, words);
  for (uint32_t step = 0; step < kSteps; ++step) {
    std::vector<uint64_t> output(words);
    for (size_t i = 0; i < words; ++i) output[i] = seed_from("capture", step * words + i);
    add(capture, output);
    digest.add(output);
    all.insert(all.end(), output.begin(), output.end());
  }
  ASSERT_EQ(capture.words().size(), all.size());
  EXPECT_TRUE(std::equal(all.begin(), all.end(), capture.words().begin()));
  EXPECT_EQ(capture.digest(), digest.value());
}

INSTANTIATE_TEST_SUITE_P(Sizes, CaptureOfLargeOutputs, testing::Values(33'328, 33'333, 33'336));

TEST(Capture, StartsAnewWithEachRun) {
  Capture capture(48);
  for (int run = 0; run < 3; ++run) {
    capture.begin(2, 3);
    add(capture, kFirst);
    add(capture, kSecond);
    EXPECT_EQ(capture.digest(), digest_of_both());
    EXPECT_EQ(capture.words().size(), 6U);
  }
}

}  // namespace
}  // namespace assay::probes::host
