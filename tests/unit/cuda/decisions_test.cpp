// SPDX-License-Identifier: Apache-2.0
// What the CUDA backend decides without a driver.
#include <gtest/gtest.h>

#include <array>
#include <set>

#include "probes/backend/cuda/architecture.h"
#include "probes/backend/cuda/error_class.h"
#include "probes/backend/cuda/identity.h"
#include "probes/backend/cuda/launch_plan.h"
#include "probes/backend/cuda/memory_plan.h"
#include "probes/backend/cuda/neighbour.h"
#include "probes/backend/cuda/offer.h"
#include "probes/backend/cuda/peers.h"
#include "probes/backend/cuda/unit_map.h"

namespace assay::probes::cuda {
namespace {

Chip chip(uint32_t major, uint32_t minor) { return Chip{major, minor, 233472, 232448, 1024}; }

TEST(CudaArchitecture, CodeRunsOnItsMajorAndOnlyThereWhenItIsOfOneChip) {
  EXPECT_TRUE(runs_on("80", chip(8, 0)));
  EXPECT_TRUE(runs_on("80", chip(8, 9)));
  EXPECT_FALSE(runs_on("86", chip(8, 0)));
  EXPECT_FALSE(runs_on("80", chip(9, 0)));
  EXPECT_TRUE(runs_on("90a", chip(9, 0)));
  EXPECT_FALSE(runs_on("100a", chip(10, 3)));
  EXPECT_TRUE(runs_on("100f", chip(10, 3)));
  EXPECT_TRUE(runs_on("120", chip(12, 1)));
  EXPECT_TRUE(runs_on("120f", chip(12, 1)));
  EXPECT_FALSE(runs_on("120f", chip(10, 0)));
  EXPECT_FALSE(runs_on("x", chip(12, 1)));
  EXPECT_TRUE(any_runs_on("75;80;90a", chip(9, 0)));
  EXPECT_FALSE(any_runs_on("", chip(9, 0)));
}

TEST(CudaArchitecture, PtxHelpsOnlyWhereItIsAllowed) {
  EXPECT_EQ(missing_code("80", true, true, chip(10, 0)), "");
  EXPECT_EQ(missing_code("80", true, false, chip(10, 0)), "this build has machine code for 80 and none for sm_100: build with it in ASSAY_CUDA_ARCHS");
  EXPECT_NE(missing_code("80", false, true, chip(10, 0)), "");
}

TEST(CudaUnitMap, WithoutGapsItIsTheIdentityWhoeverAnswered) {
  const auto map = UnitMap::make(4, 4, {}, {4, "", false});
  ASSERT_TRUE(map.ok());
  EXPECT_EQ(map->hardware_of(3), 3U);
  EXPECT_EQ(map->index_of(3), 3U);
  EXPECT_EQ(map->index_of(4), std::nullopt);
}

TEST(CudaUnitMap, WithGapsTheIndexIsTheRankAndAllMustAnswer) {
  const std::vector<uint32_t> seen = {6, 0, 2, 6};
  const auto map = UnitMap::make(3, 8, seen, {3, "", false});
  ASSERT_TRUE(map.ok());
  EXPECT_EQ(map->hardware_of(1), 2U);
  EXPECT_EQ(map->index_of(6), 2U);
  EXPECT_EQ(map->index_of(1), std::nullopt);
  EXPECT_EQ(UnitMap::make(4, 8, seen, {4, "", false}).error().code, ErrorCode::kConflict);
  EXPECT_EQ(UnitMap::make(2, 8, seen, {2, "", false}).error().code, ErrorCode::kInternal);
  EXPECT_EQ(UnitMap::make(9, 8, seen, {9, "", false}).error().code, ErrorCode::kInternal);
}

TEST(CudaLaunchPlan, OneBlockFillsAUnitOnEveryChip) {
  struct Family { uint32_t per_unit, per_block; };
  // "CUDA C++ Programming Guide", "Technical Specifications per Compute Capability": shared memory of a multiprocessor and of a block, in KiB.
  for (const Family& family : {Family{64, 64}, Family{164, 163}, Family{100, 99}, Family{228, 227}}) {
    Chip of{8, 0, family.per_unit * 1024, family.per_block * 1024, 1024};
    for (const device::Program& portable : device::programs()) {
      DeviceProgram program;
      program.shape = portable.shape;
      program.kernel = "k";
      const auto block = plan_block(program, of, 272, 4096);
      if (!block.ok()) continue;  // too little shared memory for one team: the offer says so
      EXPECT_GT(2 * (block->dynamic_shared_bytes + 272), of.shared_bytes_per_unit) << portable.probe_id;
      EXPECT_LE(block->dynamic_shared_bytes + 272, of.shared_bytes_per_block) << portable.probe_id;
      EXPECT_LE(block->lanes, kMostLanes);
      EXPECT_GE(block->dynamic_shared_bytes, block->teams * portable.shape.memory_words * 8);
    }
  }
}

TEST(CudaLaunchPlan, TeamsAreNoMoreThanRuns) {
  DeviceProgram program;
  program.shape.lanes = 128;
  program.shape.memory_words = 64;
  EXPECT_EQ(plan_block(program, chip(9, 0), 0, 4096)->teams, 4U);
  EXPECT_EQ(plan_block(program, chip(9, 0), 0, 3)->teams, 3U);
  program.shape.memory_words = 64 * 1024;
  EXPECT_EQ(plan_block(program, chip(9, 0), 0, 3).error().code, ErrorCode::kUnsupported);
}

TEST(CudaLaunchPlan, LaunchesGrowToTheirTimeOnceItIsKnown) {
  using std::chrono::milliseconds;
  EXPECT_EQ(runs_of_launch(100, 16, Duration::zero(), milliseconds(10)), 16U);
  EXPECT_EQ(runs_of_launch(5, 16, Duration::zero(), milliseconds(10)), 5U);
  EXPECT_EQ(runs_of_launch(100, 16, milliseconds(3), milliseconds(10)), 48U);
  EXPECT_EQ(runs_of_launch(100, 16, milliseconds(30), milliseconds(10)), 16U);
  EXPECT_EQ(runs_of_launch(40, 16, milliseconds(3), milliseconds(10)), 40U);
}

TEST(CudaMemoryPlan, TwoPercentOfWhatIsFreeAtMost) {
  EXPECT_EQ(memory_cap(256 << 20, uint64_t{100} << 30, 0), uint64_t{256} << 20);
  EXPECT_EQ(memory_cap(256 << 20, 1000 << 20, 0), uint64_t{20} << 20);
  EXPECT_EQ(memory_cap(256 << 20, 900 << 20, 100 << 20), uint64_t{20} << 20);
}

TEST(CudaMemoryPlan, TeamsGiveWayBeforeTheJobIsRefused) {
  device::ProgramShape shape;
  shape.name = "big";
  shape.scratch_words = 1 << 20;
  LaunchSizes sizes{4, 4, 16, 1, 1, 16, false};
  EXPECT_EQ(teams_within(shape, sizes, uint64_t{1} << 30).value(), 16U);
  EXPECT_EQ(teams_within(shape, sizes, (uint64_t{64} << 20) + (1 << 20)).value(), 2U);
  const auto refused = teams_within(shape, sizes, 1 << 20);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::kLimit);
  EXPECT_EQ(refused.error().message, "big needs 33 MiB of device memory, 1 MiB are allowed");
}

TEST(CudaMemoryPlan, UnitsAreServedInGroupsWhereAllTogetherAreTooMuch) {
  device::ProgramShape shape;
  shape.scratch_words = 1 << 19;  // 4 MiB
  const LaunchSizes sizes{132, 132, 4, 1, 1, 16, false};
  EXPECT_EQ(units_within(shape, sizes, uint64_t{1} << 30), 132U);
  EXPECT_EQ(units_within(shape, sizes, uint64_t{256} << 20), 44U);
  EXPECT_EQ(units_within(shape, sizes, 1 << 20), 1U);
}

TEST(CudaMemoryPlan, LargeMemoryWalksOverTheCap) {
  device::ProgramShape shape;
  shape.arena_words = 196608;
  EXPECT_TRUE(walks(shape));
  shape.arena_words = 2048;
  EXPECT_FALSE(walks(shape));
  constexpr uint64_t kMiB = 1 << 20;
  std::set<uint64_t> seen;
  for (uint64_t job = 0; job < 100; ++job) {
    const uint64_t at = window_offset(256 * kMiB, 199 * kMiB + 5, job);
    EXPECT_EQ(at % (2 * kMiB), 0U);
    EXPECT_LE(at + 199 * kMiB + 5, 256 * kMiB);
    seen.insert(at);
  }
  EXPECT_EQ(seen.size(), 29U);
  EXPECT_EQ(window_offset(256 * kMiB, 256 * kMiB, 3), 0U);
  EXPECT_EQ(window_offset(8 * kMiB, 256 * kMiB, 3), 0U);
}

TEST(CudaPeers, EachGetsSomeJobsInARow) {
  const std::array<DriverDevice, 3> peers = {4, 5, 6};
  EXPECT_EQ(peer_of_job(peers, 0), 4);
  EXPECT_EQ(peer_of_job(peers, kJobsPerPeer - 1), 4);
  EXPECT_EQ(peer_of_job(peers, kJobsPerPeer), 5);
  EXPECT_EQ(peer_of_job(peers, 3 * kJobsPerPeer), 4);
}

TEST(CudaErrors, SayWhoIsAtFault) {
  EXPECT_EQ(error_code_of(2), ErrorCode::kLimit);
  EXPECT_EQ(error_code_of(46), ErrorCode::kConflict);
  EXPECT_EQ(error_code_of(100), ErrorCode::kNotFound);
  EXPECT_EQ(error_code_of(209), ErrorCode::kUnsupported);
  EXPECT_EQ(error_code_of(12345), ErrorCode::kInternal);
  for (const int lost : {214, 220, 700, 702, 709, 710, 714, 715, 716, 717, 718, 719, 810, 999}) {
    EXPECT_EQ(error_code_of(lost), ErrorCode::kUnavailable) << lost;
    EXPECT_TRUE(is_sticky(lost)) << lost;
  }
  EXPECT_FALSE(is_sticky(2));
  EXPECT_EQ(driver_error(700, "fma_fp64_kernel", "CUDA_ERROR_ILLEGAL_ADDRESS").message,
            "fma_fp64_kernel: CUDA_ERROR_ILLEGAL_ADDRESS (700): a kernel touched memory that is not there");
}

TEST(CudaNeighbour, LeavesExclusiveDevicesAndMpsAlone) {
  EXPECT_TRUE(may_open({}).ok());
  EXPECT_EQ(may_open({kComputeExclusiveProcess, false, false}).error().code, ErrorCode::kConflict);
  EXPECT_EQ(may_open({kComputeProhibited, false, false}).error().code, ErrorCode::kConflict);
  EXPECT_EQ(may_open({kComputeDefault, true, false}).error().code, ErrorCode::kConflict);
  EXPECT_TRUE(may_open({kComputeDefault, true, true}).ok());
}

TEST(CudaOffer, SaysWhatIsMissing) {
  DeviceProgram program;
  program.probe = "gemm.fp16.grid";
  program.variant = "wgmma";
  program.image = "portable";
  program.kernel = "k";
  program.shape.lanes = 32;
  program.silicon = "FP16 matrix units";
  const auto offer = offer_of(program, chip(9, 0), images(), false);
  EXPECT_EQ(offer.variant, "wgmma");
  EXPECT_EQ(offer.silicon, "FP16 matrix units");
  EXPECT_FALSE(offer.ran_on_silicon);
  EXPECT_EQ(offer_of(program, chip(10, 0), images(), false).variant, "");
  EXPECT_EQ(offer_of(program, chip(10, 0), images(), true).variant, "wgmma");
  program.fit = [](const Chip&) { return Fit{"", "no such unit"}; };
  EXPECT_EQ(offer_of(program, chip(9, 0), images(), false).missing, "no such unit");
}

}  // namespace
}  // namespace assay::probes::cuda
