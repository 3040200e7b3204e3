// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/host/injector.h"

#include <algorithm>
#include <bit>
#include <functional>
#include <numeric>
#include <set>
#include <vector>

namespace assay::probes::host {
namespace {

constexpr uint64_t kPoison = 0xDEADDEADDEADDEAD;

struct Words {
  std::vector<uint64_t> state = std::vector<uint64_t>(64, 5);
  std::vector<uint64_t> output = std::vector<uint64_t>(256);
  Words() { std::iota(output.begin(), output.end(), 1000); }
};

Injection planted(FaultShape shape, uint64_t seed, uint32_t step = 1, uint64_t mask = 0) {
  Injection injection;
  injection.shape = shape;
  injection.seed = seed;
  injection.step = step;
  injection.mask = mask;
  return injection;
}

// Three steps of a kernel that writes the same state and outputs in each, which is what a stale tile finds hardest to show.
Words play(Injector& injector, uint32_t run = 0, bool has_state = false) {
  Words words;
  injector.begin_run(run, 3, has_state, words.output);
  for (uint32_t step = 0; step < 3; ++step) {
    injector.before_step(step, has_state ? std::span(words.state) : std::span<uint64_t>());
    injector.after_step(step, words.output, kPoison);
  }
  return words;
}

std::vector<size_t> changed(const Words& words) {
  const Words healthy;
  std::vector<size_t> indices;
  for (size_t i = 0; i < healthy.output.size(); ++i) {
    if (words.output[i] != healthy.output[i]) indices.push_back(i);
  }
  return indices;
}

TEST(Injector, AnIdleOneChangesNothing) {
  Injector idle;
  EXPECT_TRUE(changed(play(idle)).empty());
  EXPECT_FALSE(idle.blinds_comparator());
}

TEST(Injector, BitFlipTurnsOneBitOfOneWord) {
  for (uint64_t seed = 0; seed < 100; seed += 2) {
    Injector injector(planted(FaultShape::kBitFlip, seed), Injector::Reach::kOutputsAndState);
    const Words words = play(injector);
    const auto where = changed(words);
    ASSERT_EQ(where.size(), 1U);
    EXPECT_EQ(std::popcount(words.output[where[0]] ^ Words().output[where[0]]), 1);
  }
}

TEST(Injector, AGivenMaskIsUsedAsItIs) {
  Injector injector(planted(FaultShape::kBitFlip, 4, 1, 0xF0F0), Injector::Reach::kOutputsAndState);
  const Words words = play(injector);
  const auto where = changed(words);
  ASSERT_EQ(where.size(), 1U);
  EXPECT_EQ(words.output[where[0]] ^ Words().output[where[0]], 0xF0F0U);
}

TEST(Injector, TheDefectStaysInItsPlaceFromRunToRun) {
  Injector injector(planted(FaultShape::kMultiBit, 6), Injector::Reach::kOutputsAndState);
  const Words first = play(injector, 0);
  const Words second = play(injector, 1);
  EXPECT_EQ(first.output, second.output);
  const auto where = changed(first);
  ASSERT_EQ(where.size(), 1U);
  EXPECT_GE(std::popcount(first.output[where[0]] ^ Words().output[where[0]]), 2);
}

TEST(Injector, OddSeedsSpoilTheStateOfAChainInstead) {
  Injector injector(planted(FaultShape::kBitFlip, 7), Injector::Reach::kOutputsAndState);
  const Words words = play(injector, 0, true);
  EXPECT_TRUE(changed(words).empty());
  EXPECT_NE(words.state, Words().state);
  Injector stateless(planted(FaultShape::kBitFlip, 7), Injector::Reach::kOutputsAndState);
  EXPECT_EQ(changed(play(stateless, 0, false)).size(), 1U);
}

TEST(Injector, ControlsSpoilOutputsOfTheFirstRunAlone) {
  Injector injector(planted(FaultShape::kBitFlip, 7), Injector::Reach::kOutputsOfFirstRun);
  EXPECT_EQ(changed(play(injector, 0, true)).size(), 1U);
  EXPECT_TRUE(changed(play(injector, 1, true)).empty());
}

TEST(Injector, ZeroLooksForAWordThatIsNotZero) {
  Injector injector(planted(FaultShape::kZero, 0), Injector::Reach::kOutputsAndState);
  std::vector<uint64_t> output(16, 0);
  output[3] = 9;
  injector.begin_run(0, 2, false, output);
  injector.after_step(1, output, kPoison);
  EXPECT_EQ(output, std::vector<uint64_t>(16, 0));
  injector.after_step(1, output, kPoison);
  EXPECT_NE(output, std::vector<uint64_t>(16, 0)) << "all zero: something else must change";
}

TEST(Injector, NanInfPutsWhatIsNoNumberOfSomeFormatInPlaceOfOne) {
  std::set<uint64_t> values;
  for (uint64_t seed = 0; seed < 200; seed += 2) {
    Injector injector(planted(FaultShape::kNanInf, seed), Injector::Reach::kOutputsAndState);
    const Words words = play(injector);
    const auto where = changed(words);
    ASSERT_EQ(where.size(), 1U);
    values.insert(words.output[where[0]]);
  }
  EXPECT_TRUE(values.contains(0x7FF8'0000'0000'0000)) << "a quiet NaN of FP64";
  EXPECT_TRUE(values.contains(0xFFF0'0000'0000'0000)) << "minus infinity of FP64";
  const auto has = [&](uint64_t bits, uint64_t field) {
    return std::any_of(values.begin(), values.end(), [&](uint64_t value) { return (value & field) == bits; });
  };
  EXPECT_TRUE(has(0x7FC0'0000'0000'0000, 0xFFFF'FFFF'0000'0000)) << "a quiet NaN of FP32 in the upper half";
  EXPECT_TRUE(has(0x0000'7C00'0000'0000, 0x0000'FFFF'0000'0000)) << "an infinity of FP16 in a quarter";
  Injector same(planted(FaultShape::kNanInf, 0), Injector::Reach::kOutputsAndState);
  std::vector<uint64_t> output(1, 0);
  same.begin_run(0, 1, false, output);
  same.after_step(0, output, kPoison);
  const uint64_t no_number = output[0];
  same.after_step(0, output, kPoison);
  EXPECT_NE(output[0], no_number) << "it was there already: something else must change";
}

TEST(Injector, ADroppedWriteLeavesThePoison) {
  Injector injector(planted(FaultShape::kDroppedWrite, 0), Injector::Reach::kOutputsAndState);
  const Words words = play(injector);
  const auto where = changed(words);
  ASSERT_EQ(where.size(), 1U);
  EXPECT_EQ(words.output[where[0]], kPoison);
}

TEST(Injector, AStaleTileShowsWhatWasThereBefore) {
  Injector injector(planted(FaultShape::kStaleTile, 0), Injector::Reach::kOutputsAndState);
  Words words;
  injector.begin_run(0, 2, false, words.output);
  injector.before_step(0, {});
  injector.after_step(0, words.output, kPoison);
  injector.before_step(1, {});
  for (uint64_t& word : words.output) word += 5000;
  injector.after_step(1, words.output, kPoison);
  const Words before;
  size_t stale = 0;
  for (size_t i = 0; i < words.output.size(); ++i) stale += words.output[i] == before.output[i] ? 1 : 0;
  EXPECT_EQ(stale, 64U);
  Injector unchanged(planted(FaultShape::kStaleTile, 0), Injector::Reach::kOutputsAndState);
  EXPECT_FALSE(changed(play(unchanged)).empty()) << "equal outputs: something else must change";
}

TEST(Injector, LanePeriodicHitsEveryEighthWordAlike) {
  Injector injector(planted(FaultShape::kLanePeriodic, 2), Injector::Reach::kOutputsAndState);
  const Words words = play(injector);
  const auto where = changed(words);
  ASSERT_EQ(where.size(), 32U);
  for (const size_t i : where) {
    EXPECT_EQ(i % 8, where[0] % 8);
    EXPECT_EQ(words.output[i] ^ Words().output[i], words.output[where[0]] ^ Words().output[where[0]]);
  }
}

TEST(Injector, ASameMaskPairWouldCancelInAnXor) {
  for (uint64_t seed = 0; seed < 40; seed += 2) {
    Injector injector(planted(FaultShape::kSameMaskPair, seed), Injector::Reach::kOutputsAndState);
    const Words words = play(injector);
    ASSERT_EQ(changed(words).size(), 2U);
    const auto fold = [](const Words& w) { return std::accumulate(w.output.begin(), w.output.end(), uint64_t{0}, std::bit_xor<>()); };
    EXPECT_EQ(fold(words), fold(Words()));
  }
}

TEST(Injector, StuckAtForcesABitAndAlwaysShows) {
  for (uint64_t seed = 0; seed < 64; ++seed) {
    Injector injector(planted(FaultShape::kStuckAt, seed), Injector::Reach::kOutputsAndState);
    EXPECT_FALSE(changed(play(injector)).empty());
  }
  Injector injector(planted(FaultShape::kStuckAt, 0, 0, 1), Injector::Reach::kOutputsAndState);
  std::vector<uint64_t> output(8, 1);
  injector.begin_run(0, 1, false, output);
  injector.after_step(0, output, kPoison);
  EXPECT_EQ(output, std::vector<uint64_t>(8, 3)) << "the bit was set everywhere: the next one is forced";
}

TEST(Injector, StepsBeyondTheLastWrapAround) {
  Injector injector(planted(FaultShape::kBitFlip, 2, 7), Injector::Reach::kOutputsAndState);
  EXPECT_EQ(changed(play(injector)).size(), 1U);
}

TEST(Injector, OneWordOfOutputIsEnoughForEveryShape) {
  for (const FaultShape shape : {FaultShape::kBitFlip, FaultShape::kMultiBit, FaultShape::kZero, FaultShape::kDroppedWrite, FaultShape::kStaleTile,
                                 FaultShape::kLanePeriodic, FaultShape::kSameMaskPair, FaultShape::kStuckAt, FaultShape::kBlindComparator,
                                 FaultShape::kNanInf}) {
    Injector injector(planted(shape, 2, 0), Injector::Reach::kOutputsAndState);
    std::vector<uint64_t> output(1, 77);
    injector.begin_run(0, 1, false, output);
    injector.before_step(0, {});
    injector.after_step(0, output, kPoison);
    EXPECT_NE(output[0], 77U) << to_string(shape);
  }
}

TEST(InjectorDeathTest, CrashAborts) {
  Injector injector(planted(FaultShape::kCrash, 0, 0), Injector::Reach::kOutputsAndState);
  injector.begin_run(0, 1, false, {});
  EXPECT_DEATH(injector.before_step(0, {}), "");
}

}  // namespace
}  // namespace assay::probes::host
