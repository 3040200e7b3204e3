// SPDX-License-Identifier: Apache-2.0
#include "agent/core/coverage.h"

#include <gtest/gtest.h>

#include "common/base/bytes.h"
#include "tests/unit/agent/core_fixture.h"

namespace assay::agent {
namespace {

using namespace test;

TEST(Coverage, ACellNeverCoveredIsAsOldAsTheFirstStart) {
  const auto probes = three_probes();
  const Coverage coverage(probes, 2, at(0s));
  EXPECT_EQ(coverage.oldest_age(at(90s)), 90s);
  EXPECT_EQ(coverage.cells(), 6U);
  EXPECT_EQ(coverage.cells_covered(), 0U);
}

TEST(Coverage, FindsTheCellCoveredLongestAgo) {
  const auto probes = three_probes();
  Coverage coverage(probes, 2, at(0s));
  for (uint32_t i = 0; i < 6; ++i) coverage.covered({i / 2, i % 2}, at(std::chrono::seconds(10 + (i * 5) % 6)));
  EXPECT_EQ(coverage.oldest(3, at(60s).mono), (Cell{0, 0}));
  EXPECT_EQ(coverage.oldest_age(at(60s)), 50s);
  coverage.covered({0, 0}, at(60s));
  EXPECT_EQ(coverage.oldest(3, at(60s).mono), (Cell{2, 1}));
}

TEST(Coverage, UnsupportedCellsAreSetApartAndTriedAgainAfterADay) {
  const auto probes = three_probes();
  Coverage coverage(probes, 1, at(0s));
  coverage.unsupported({0, 0}, at(1s));
  EXPECT_EQ(coverage.cells(), 2U);
  EXPECT_EQ(coverage.cells_unsupported(), 1U);
  EXPECT_NE(coverage.oldest(0, at(2s).mono), (Cell{0, 0}));
  EXPECT_TRUE(coverage.is_unsupported({0, 0}, at(23h).mono));
  EXPECT_FALSE(coverage.is_unsupported({0, 0}, at(25h).mono));
}

TEST(Coverage, SurvivesARestartWithAgesAndCursors) {
  const auto probes = three_probes();
  Coverage before(probes, 2, at(0s));
  before.covered({1, 1}, at(100s));
  before.advance({1, 1}, 70);
  Coverage after(probes, 2, at(400s));  // a new process, five minutes later
  ASSERT_TRUE(after.restore(before.save(), at(400s)).ok());
  EXPECT_EQ(after.cursor({1, 1}), 70U % 64U);
  EXPECT_EQ(after.cells_covered(), 1U);
  EXPECT_EQ(after.oldest_age(at(400s)), 400s) << "the other cells count from the very first start";
  for (uint32_t i = 0; i < 6; ++i) {
    if (i != 3) after.covered({i / 2, i % 2}, at(400s));
  }
  EXPECT_EQ(after.oldest_age(at(400s)), 300s);
}

TEST(Coverage, AWallClockSetBackDoesNotMakeCellsYoungerThanNow) {
  const auto probes = three_probes();
  Coverage before(probes, 1, at(0s));
  before.covered({0, 0}, at(100s));
  Instant now = at(200s);
  now.wall -= 24h;
  Coverage after(probes, 1, now);
  ASSERT_TRUE(after.restore(before.save(), now).ok());
  EXPECT_GE(after.oldest_age(now), Duration::zero());
}

TEST(Coverage, KeepsWhatStillFitsWhenTheCatalogueChanges) {
  const auto probes = three_probes();
  Coverage before(probes, 4, at(0s));
  before.advance({2, 1}, 5);
  const std::vector<ProbeSpec> fewer{probes[2]};
  Coverage after(fewer, 2, at(10s));
  ASSERT_TRUE(after.restore(before.save(), at(10s)).ok());
  EXPECT_EQ(after.cursor({0, 1}), 5U);
}

// Bytes as the releases wrote them that knew one variant a probe: format, first start, probes, units, cursor and last time of each.
std::string format_1(const std::vector<ProbeSpec>& probes, uint32_t units, WallTime first_start, WallTime covered) {
  ByteWriter out;
  out.u8(1);
  out.u64(static_cast<uint64_t>(to_unix_ms(first_start)));
  out.u32(static_cast<uint32_t>(probes.size()));
  for (const ProbeSpec& probe : probes) {
    out.text(to_string(probe.ref));
    out.u32(units);
    for (uint32_t unit = 0; unit < units; ++unit) {
      out.u32(7);
      out.u64(static_cast<uint64_t>(to_unix_ms(covered)));
    }
  }
  return out.take();
}

TEST(Coverage, TakesUpWhatAFormerReleaseSavedOfOneVariant) {
  const auto probes = three_probes();
  Coverage coverage(probes, 2, at(500s));
  ASSERT_TRUE(coverage.restore(format_1(probes, 2, at(0s).wall, at(100s).wall), at(500s)).ok());
  EXPECT_EQ(coverage.cells_covered(), 6U);
  EXPECT_EQ(coverage.oldest_age(at(500s)), 400s);
  EXPECT_EQ(coverage.cursor({1, 1}), 7U);
}

TEST(Coverage, AFormerReleaseDidNotSayWhichOfSeveralVariantsRanSoNoneIsClaimed) {
  const auto probes = three_probes();
  Coverage coverage(probes, 2, at(500s), variants_of(probes));
  ASSERT_TRUE(coverage.restore(format_1(probes, 2, at(0s).wall, at(100s).wall), at(500s)).ok());
  EXPECT_EQ(coverage.lane(0, 0).cells_covered, 0U);
  EXPECT_EQ(coverage.lane(1, 0).cells_covered, 2U) << "beta.two has but one";
  EXPECT_EQ(coverage.cursor({0, 1, 0}), 7U) << "the operands go on where they were";
  EXPECT_EQ(coverage.oldest_age(at(500s)), 400s) << "what is new is not old";
}

TEST(Coverage, VariantsAreCellsOfTheirOwnAndSurviveARestartByName) {
  const auto probes = three_probes();
  Coverage before(probes, 2, at(0s), variants_of(probes));
  EXPECT_EQ(before.cells(), 8U);
  before.covered({0, 1, 1}, at(50s));
  before.advance({0, 1, 1}, 9);
  EXPECT_EQ(before.lane(0, 1).cells_covered, 1U);
  EXPECT_EQ(before.lane(0, 0).cells_covered, 0U);

  auto offered = two_variants();
  std::swap(offered[0], offered[1]);  // the narrow one is the strongest now
  Coverage after(probes, 2, at(60s), std::make_shared<const VariantTable>(probes, offered));
  ASSERT_TRUE(after.restore(before.save(), at(60s)).ok());
  EXPECT_EQ(after.cursor({0, 1, 0}), 9U);
  EXPECT_EQ(after.lane(0, 0).cells_covered, 1U);
  EXPECT_EQ(after.lane(0, 1).cells_covered, 0U);
}

TEST(Coverage, ALaneThatANewReleaseBringsIsNotOldFromTheStart) {
  const auto probes = three_probes();
  Coverage before(probes, 1, at(0s));
  for (size_t probe = 0; probe < 3; ++probe) before.covered({probe, 0}, at(24h));
  auto more = probes;
  more.push_back(probes[0]);
  more.back().ref.id = "delta.four";
  Coverage after(more, 1, at(25h));
  ASSERT_TRUE(after.restore(before.save(), at(25h)).ok());
  EXPECT_EQ(after.oldest_age(at(26h)), 2h);
  EXPECT_EQ(after.oldest(0, at(26h).mono), (Cell{3, 0})) << "and yet it goes first";
  Coverage again(more, 1, at(27h));
  ASSERT_TRUE(again.restore(after.save(), at(27h)).ok());
  for (size_t probe = 0; probe < 3; ++probe) again.covered({probe, 0}, at(28h));
  EXPECT_EQ(again.oldest_age(at(28h)), 3h) << "it is remembered since when it is known";
}

Conditions warm(double celsius) {
  Conditions conditions;
  conditions.temperature_celsius = celsius;
  return conditions;
}

TEST(Coverage, CountsEachConditionApartFromTheTimeItWasFirstSeen) {
  const auto probes = three_probes();
  Coverage coverage(probes, 1, at(0s));
  EXPECT_TRUE(coverage.bins(at(0s)).empty());
  EXPECT_FALSE(coverage.learn({}, at(1s)));
  EXPECT_FALSE(coverage.learn(warm(40), at(1s))) << "one temperature alone is no range";
  const auto hot = coverage.learn(warm(70), at(10s));
  ASSERT_EQ(hot, ConditionBin::kHot);
  coverage.covered({1, 0}, at(10s), hot);
  ASSERT_EQ(coverage.bins(at(30s)).size(), 1U) << "never seen cold or warm since bins are known";
  EXPECT_EQ(coverage.bins(at(30s))[0].cells_covered, 1U);
  EXPECT_EQ(coverage.bins(at(30s))[0].oldest_age, 20s);
  EXPECT_EQ(coverage.oldest(0, at(30s).mono, ConditionBin::kHot), (Cell{0, 0}));
  coverage.covered({0, 0}, at(20s));
  EXPECT_EQ(coverage.oldest(0, at(30s).mono, ConditionBin::kHot), (Cell{2, 0})) << "of those never measured hot the oldest at all";
}

TEST(Coverage, BinsSurviveARestart) {
  const auto probes = three_probes();
  Coverage before(probes, 2, at(0s));
  before.learn(warm(40), at(1s));
  const auto hot = before.learn(warm(70), at(2s));
  before.covered({1, 1}, at(2s), hot);
  before.covered({1, 0}, at(3s), before.learn(warm(42), at(3s)));
  before.covered({1, 1}, at(4s));
  Coverage after(probes, 2, at(100s));
  ASSERT_TRUE(after.restore(before.save(), at(100s)).ok());
  EXPECT_EQ(after.save(), before.save());
  const auto bins = after.bins(at(100s));
  ASSERT_EQ(bins.size(), 2U);
  EXPECT_EQ(bins[0].bin, ConditionBin::kCold);
  EXPECT_EQ(bins[0].oldest_age, 97s);
  EXPECT_EQ(bins[1].oldest_age, 98s);
  EXPECT_EQ(after.condition_bins().bin_of(warm(65)), ConditionBin::kHot);
}

// 60 probes x 4 variants x 256 units x 3 bins stay far under the memory and disk that an agent may take.
TEST(Coverage, ALargeDeviceIsStoredInHalfAMegabyte) {
  std::vector<ProbeSpec> probes(60);
  std::vector<probes::ProbeVariant> offered;
  for (size_t i = 0; i < probes.size(); ++i) {
    probes[i].ref.id = "probe.number" + std::to_string(i);
    for (const char* name : {"a", "b", "c", "d"}) offered.push_back({"cpu-test", probes[i].ref.id, name, "", "", true});
  }
  Coverage coverage(probes, 256, at(0s), std::make_shared<const VariantTable>(probes, offered));
  EXPECT_EQ(coverage.all_cells(), 61'440U);
  coverage.learn(warm(40), at(0s));
  const auto hot = coverage.learn(warm(80), at(0s));
  for (uint32_t unit = 0; unit < 256; ++unit) {
    for (size_t probe = 0; probe < 60; ++probe) {
      for (uint32_t variant = 0; variant < 4; ++variant) {
        coverage.covered({probe, unit, variant}, at(24h * 30 + unit * 1s), hot);
        coverage.advance({probe, unit, variant}, 200);
      }
    }
  }
  EXPECT_LT(coverage.save().size(), 512U * 1024);
  Coverage after(probes, 256, at(24h * 31), std::make_shared<const VariantTable>(probes, offered));
  ASSERT_TRUE(after.restore(coverage.save(), at(24h * 31)).ok());
  EXPECT_EQ(after.cells_covered(), 61'440U);
}

TEST(Coverage, RefusesBytesThatAreNotItsOwn) {
  const auto probes = three_probes();
  Coverage coverage(probes, 2, at(0s));
  std::string bytes = coverage.save();
  EXPECT_EQ(coverage.restore("nonsense", at(1s)).error().code, ErrorCode::kCorrupt);
  EXPECT_FALSE(coverage.restore(bytes.substr(0, bytes.size() - 3), at(1s)).ok());
  EXPECT_FALSE(coverage.restore(bytes + "x", at(1s)).ok());
}

}  // namespace
}  // namespace assay::agent
