// SPDX-License-Identifier: Apache-2.0
// Processes that are confined to a part of the device: what they can reach, and that nobody asks for the rest for ever.
#include "probes/backend/cuda/reach.h"

#include <gtest/gtest.h>

#include <array>

#include "probes/backend/cuda/backend.h"
#include "probes/backend/cuda/confinement.h"
#include "probes/backend/cuda/unit_map.h"
#include "tests/unit/cuda/fake_gpu.h"

namespace assay::probes::cuda {
namespace {

constexpr const char* kId = "GPU-8932f937-d72c-4106-c12f-20bd9faed9f6";

TEST(CudaReach, IsTheDeviceUnlessSomebodySaysLess) {
  for (const ReachFacts& facts : {ReachFacts{132, {}, {}, false, {}}, ReachFacts{132, 132, 132, true, 100.0}, ReachFacts{132, 0, 0, true, 0.0}, ReachFacts{132, 140, {}, false, {}}}) {
    EXPECT_EQ(reach_of(facts).units, 132U);
    EXPECT_FALSE(reach_of(facts).is_confined()) << reach_of(facts).why;
  }
}

TEST(CudaReach, IsTheLeastOfWhatIsSaid) {
  EXPECT_EQ(reach_of({132, 16, {}, false, {}}).units, 16U);
  EXPECT_EQ(reach_of({132, 16, {}, false, {}}).why, "its context has 16 of 132 units (a green context, or a share of MPS)");
  EXPECT_EQ(reach_of({132, 132, 66, true, {}}).units, 66U);
  EXPECT_EQ(reach_of({132, 16, 66, true, {}}).units, 16U);
  EXPECT_EQ(reach_of({132, {}, 66, true, 50.0}).why, "its execution affinity is 66 of 132 units");
  EXPECT_EQ(reach_of({132, {}, {}, true, 12.5}).units, 17U);
  EXPECT_EQ(reach_of({132, {}, {}, true, 12.5}).why, "CUDA_MPS_ACTIVE_THREAD_PERCENTAGE gives it 12.5 % of the threads");
  EXPECT_EQ(reach_of({132, {}, {}, true, 0.01}).units, 1U);
  EXPECT_TRUE(reach_of({132, {}, {}, true, 99.9}).is_confined());
}

TEST(CudaReach, PercentagesAreReadStrictly) {
  EXPECT_EQ(parse_percentage("50"), 50.0);
  EXPECT_EQ(parse_percentage("12.5"), 12.5);
  for (const char* text : {"", "x", "50 ", "101", "-1", "nan", "5,5"}) EXPECT_EQ(parse_percentage(text), std::nullopt) << text;
}

TEST(CudaReach, AFreeCensusAsksUntilAllHaveAnswered) {
  const Reach free{132, "", false};
  EXPECT_TRUE(census_goes_on(free, 132, {0, 0, 0}));
  EXPECT_TRUE(census_goes_on(free, 132, {15, 131, 12}));
  EXPECT_FALSE(census_goes_on(free, 132, {1, 132, 0}));
  EXPECT_FALSE(census_goes_on(free, 132, {kMostCensusLaunches, 131, 0}));
}

TEST(CudaReach, AConfinedCensusEndsWhenNothingNewComes) {
  const Reach confined{16, "for the test", false};
  EXPECT_TRUE(census_goes_on(confined, 132, {1, 12, 0}));
  EXPECT_TRUE(census_goes_on(confined, 132, {2, 16, 0}));
  EXPECT_TRUE(census_goes_on(confined, 132, {3, 18, 0}));
  EXPECT_FALSE(census_goes_on(confined, 132, {3 + kQuietLaunches, 18, kQuietLaunches}));
  EXPECT_FALSE(census_goes_on(confined, 132, {2, 132, 0}));
  EXPECT_FALSE(census_goes_on(confined, 132, {kMostCensusLaunches, 3, 0}));
}

TEST(CudaReach, OnlyUnitsThatAnsweredAreInReachOfAConfinedProcess) {
  const std::array<uint32_t, 3> seen = {5, 1, 5};
  const auto map = UnitMap::make(8, 8, seen, {2, "for the test", false});
  ASSERT_TRUE(map.ok());
  EXPECT_TRUE(map->is_reachable(1));
  EXPECT_TRUE(map->is_reachable(5));
  EXPECT_FALSE(map->is_reachable(0));
  EXPECT_EQ(map->reachable_count(), 2U);
  EXPECT_EQ(UnitMap::make(8, 8, {}, {8, "", false})->reachable_count(), 8U);
}

TEST(CudaReach, WhereNumbersHaveGapsAPartTellsNotWhichUnitsItIs) {
  const std::array<uint32_t, 3> seen = {5, 1, 9};
  const auto part = UnitMap::make(8, 10, seen, {2, "for the test", false});
  ASSERT_FALSE(part.ok());
  EXPECT_EQ(part.error().code, ErrorCode::kConflict);
  EXPECT_EQ(part.error().message, "this process has a part of the device (for the test), and 3 unit numbers with gaps do not tell which units they are: probe from a "
                                  "process that has the whole device");
  // All of them answered, one after the other.
  const auto all = UnitMap::make(3, 10, seen, {2, "for the test", false});
  ASSERT_TRUE(all.ok());
  EXPECT_EQ(all->hardware_of(1), 5U);
  EXPECT_EQ(all->reachable_count(), 3U);
  // Under MPS three units may be a share of more.
  EXPECT_EQ(UnitMap::make(3, 10, seen, {2, "for the test", true}).error().code, ErrorCode::kConflict);
  EXPECT_EQ(UnitMap::make(2, 10, seen, {2, "", true}).error().code, ErrorCode::kConflict);
  EXPECT_TRUE(UnitMap::make(3, 10, seen, {3, "", true}).ok());
}

TEST(CudaReach, QuestionsThatADriverDoesNotKnowGoUnanswered) {
  const DriverApi old;
  const ReachFacts facts = ask_reach(old, nullptr, 132, true, "");
  EXPECT_EQ(facts.device_units, 132U);
  EXPECT_EQ(facts.context_units, std::nullopt);
  EXPECT_EQ(facts.affinity_units, std::nullopt);
  EXPECT_EQ(facts.thread_percentage, std::nullopt);
  DriverApi api;
  api.context_affinity = [](DriverAffinity* affinity, int type) {
    affinity->type = type;
    affinity->units = 20;
    return kSuccess;
  };
  EXPECT_EQ(ask_reach(api, nullptr, 132, true, "25").affinity_units, 20U);
  EXPECT_EQ(ask_reach(api, nullptr, 132, true, "25").thread_percentage, 25.0);
  EXPECT_EQ(ask_reach(api, nullptr, 132, false, "25").affinity_units, std::nullopt);
  EXPECT_EQ(ask_reach(api, nullptr, 132, false, "25").thread_percentage, std::nullopt);
}

// A green context of two of six units: these are measured, the others are told apart at once.
TEST(CudaReach, TheLauncherLeavesUnitsOutOfReachAlone) {
  FakeGpu gpu({0, 1, 2, 3, 4, 5});
  gpu.context_units = 2;
  gpu.cooperative_fits = false;
  gpu.held = [](uint32_t) { return std::set<uint32_t>{0, 1, 3, 5}; };
  const CudaBackend backend([api = gpu.api()]() -> Result<DriverApi> { return api; });
  auto opened = backend.open(kId, {});
  ASSERT_TRUE(opened.ok()) << opened.error().message;
  const uint32_t census = gpu.launches;
  EXPECT_LE(census, 1 + kMostCensusLaunches);
  const std::vector<uint64_t> operands = (*opened)->operands("int.alu.chain", "simt", 0).value();
  const device::JobSet set{0, operands, {}, {}};
  std::vector<device::JobUnit> units;
  for (uint32_t unit = 0; unit < 6; ++unit) units.push_back({unit, {0}});
  device::Job job;
  job.probe = "int.alu.chain";
  job.variant = "simt";
  job.sets = std::span(&set, 1);
  job.units = units;
  job.deadline = std::chrono::seconds(60);
  const auto result = (*opened)->run(job, std::atomic<bool>(false));
  ASSERT_TRUE(result.ok()) << result.error().message;
  for (const device::JobUnitResult& unit : result->units) {
    const bool in_reach = unit.unit == 2 || unit.unit == 4;
    EXPECT_EQ(unit.out_of_reach, !in_reach) << unit.unit;
    EXPECT_EQ(unit.reached, in_reach) << unit.unit;
    EXPECT_EQ(unit.digests.size(), in_reach ? 1U : 0U) << unit.unit;
  }
  EXPECT_EQ(result->confined_by, "its context has 2 of 6 units (a green context, or a share of MPS)");
  EXPECT_EQ(gpu.launches - census, 1U);  // nobody was asked for in vain
  EXPECT_EQ(gpu.cooperative_launches, 0U);
}

}  // namespace
}  // namespace assay::probes::cuda
