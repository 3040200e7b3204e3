// SPDX-License-Identifier: Apache-2.0
// copy.d2h, copy.p2p and device.march over a made-up driver: outputs that count as they arrive, and memory that is walked over.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "probes/backend/cuda/backend.h"
#include "probes/backend/cuda/peers.h"
#include "probes/reference/reference.h"
#include "tests/unit/cuda/fake_gpu.h"

namespace assay::probes::cuda {
namespace {

constexpr const char* kId = "GPU-8932f937-d72c-4106-c12f-20bd9faed9f6";
constexpr size_t kRunWords = 16 * 1024;  // of copy.d2h

std::unique_ptr<device::Accelerator> open(const FakeGpu& gpu, uint64_t memory_bytes = 256 << 20) {
  const CudaBackend backend([api = gpu.api()]() -> Result<DriverApi> { return api; });
  device::OpenOptions options;
  options.allow_injection = true;
  options.memory_bytes = memory_bytes;
  auto opened = backend.open(kId, options);
  EXPECT_TRUE(opened.ok()) << opened.error().message;
  return std::move(*opened);
}

// A job of two operand sets on units 0 .. units - 1, with what it points to.
struct Work {
  Work(const device::Accelerator& accelerator, std::string_view probe, uint32_t units, uint32_t runs) {
    for (uint32_t set = 0; set < 2; ++set) {
      operands.push_back(accelerator.operands(probe, "simt", set).value());
      goldens.push_back(reference::digest(probe, set).value());
    }
    for (uint32_t set = 0; set < 2; ++set) job_sets.push_back({set, operands[set], {}, goldens[set]});
    for (uint32_t unit = 0; unit < units; ++unit) job_units.push_back({unit, {0, 1}});
    job.probe = probe;
    job.variant = "simt";
    job.sets = job_sets;
    job.units = job_units;
    job.runs_per_unit = runs;
    job.poison_seed = 4711;
    job.deadline = std::chrono::seconds(60);
  }

  std::vector<std::vector<uint64_t>> operands;
  std::vector<Digest> goldens;
  std::vector<device::JobSet> job_sets;
  std::vector<device::JobUnit> job_units;
  device::Job job;
  std::atomic<bool> stop{false};
};

void expect_goldens(const device::JobResult& result, const Work& work, uint32_t units) {
  ASSERT_EQ(result.units.size(), units);
  for (const device::JobUnitResult& unit : result.units) {
    EXPECT_TRUE(unit.reached);
    EXPECT_EQ(unit.wrong + unit.not_executed, 0U);
    ASSERT_EQ(unit.digests.size(), work.job.runs_per_unit);
    for (uint32_t run = 0; run < unit.digests.size(); ++run) EXPECT_EQ(unit.digests[run], work.goldens[run % 2]) << run;
  }
  EXPECT_TRUE(result.records.empty());
}

std::string missing(const device::Accelerator& accelerator, std::string_view probe) {
  const std::vector<device::Offer> offers = accelerator.offers();
  const auto found = std::ranges::find(offers, probe, &device::Offer::probe);
  return found == offers.end() ? "no offer" : found->missing;
}

// Changes one word of the n-th transfer of a run's outputs, and of those after it while `more` of them are left.
std::function<void(uint64_t*, size_t)> flip_in_transfer(int number, int more = 0) {
  return [number, more](uint64_t* words, size_t count) mutable {
    if (count != kRunWords) return;
    if (number == 0 || (number < 0 && -number <= more)) words[3 * 1024 + 70] ^= 0x40;
    --number;
  };
}

TEST(CudaCopies, WhatArrivesAtTheHostIsTheResult) {
  FakeGpu gpu({0, 2, 5});
  const auto accelerator = open(gpu);
  const Work work(*accelerator, "copy.d2h", 3, 37);
  const auto result = accelerator->run(work.job, work.stop);
  ASSERT_TRUE(result.ok()) << result.error().message;
  expect_goldens(*result, work, 3);
  EXPECT_GE(gpu.scratches.size(), 3U);  // a team's outputs are fetched before its next run
}

TEST(CudaCopies, AWordThatChangesOnTheWayIsFoundAndTold) {
  FakeGpu gpu({0, 2, 5});
  const auto accelerator = open(gpu);
  const Work work(*accelerator, "copy.d2h", 3, 4);
  gpu.on_way_to_host = flip_in_transfer(4 + 2);  // run 2 of the second unit
  const auto result = accelerator->run(work.job, work.stop);
  ASSERT_TRUE(result.ok()) << result.error().message;
  for (const device::JobUnitResult& unit : result->units) {
    EXPECT_EQ(unit.wrong, unit.unit == 1 ? 1U : 0U);
    for (uint32_t run = 0; run < 4; ++run) EXPECT_EQ(unit.digests.at(run) == work.goldens[run % 2], unit.unit != 1 || run != 2);
  }
  ASSERT_EQ(result->records.size(), 1U);
  const AssayRecord& record = result->records.front();
  EXPECT_EQ(record.unit, 1U);
  EXPECT_EQ(record.run, 2U);
  EXPECT_EQ(record.slot, 0U);
  EXPECT_EQ(record.step, 3U);
  EXPECT_EQ(record.word, 70U);
  EXPECT_EQ(record.expected ^ record.actual, 0x40U);
  EXPECT_EQ(record.reread, record.expected);
}

TEST(CudaCopies, AWordThatChangesEveryTimeIsFoundWithoutClaimingToKnowWhatWasSent) {
  FakeGpu gpu({0});
  const auto accelerator = open(gpu);
  const Work work(*accelerator, "copy.d2h", 1, 2);
  gpu.on_way_to_host = flip_in_transfer(0, 1000);
  const auto result = accelerator->run(work.job, work.stop);
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(result->units[0].wrong, 2U);
  EXPECT_TRUE(result->records.empty());
}

// Runs 0 and 2 have the same words: what was left of the one must not stand for the other.
TEST(CudaCopies, ACopyThatNobodyDidIsFound) {
  struct Way {
    std::string_view probe;
    size_t words;        // of the transfer
    int number;          // of it, from 0
  };
  // By a peer each run is transferred twice: the third run's are 4 (to the peer) and 5 (from there).
  for (const Way& way : {Way{"copy.d2h", kRunWords, 2}, Way{"copy.p2p", kRunWords, 4}, Way{"copy.p2p", kRunWords, 5}}) {
    FakeGpu gpu({0});
    gpu.devices = 2;
    gpu.peers_reach = true;
    const auto accelerator = open(gpu);
    const Work work(*accelerator, way.probe, 1, 4);
    gpu.is_lost = [way, number = 0](size_t count) mutable { return count == way.words && number++ == way.number; };
    const auto result = accelerator->run(work.job, work.stop);
    ASSERT_TRUE(result.ok()) << result.error().message;
    EXPECT_EQ(result->units[0].wrong, 1U) << way.probe << " " << way.number;
    EXPECT_NE(result->units[0].digests.at(2), work.goldens[0]) << way.probe << " " << way.number;
  }
}

TEST(CudaCopies, OperandsThatNobodyBroughtAreNotThoseOfTheJobBefore) {
  FakeGpu gpu({0});
  const auto accelerator = open(gpu);
  const Work work(*accelerator, "copy.h2d", 1, 2);
  expect_goldens(accelerator->run(work.job, work.stop).value(), work, 1);
  gpu.is_lost = [&](size_t count) { return count == work.operands[0].size(); };
  const auto result = accelerator->run(work.job, work.stop);
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(result->units[0].wrong, 2U);
}

TEST(CudaCopies, FaultsThatAreWrittenOnTheDeviceArrive) {
  for (const uint32_t shape : {ASSAY_SHAPE_BIT_FLIP, ASSAY_SHAPE_DROPPED_WRITE, ASSAY_SHAPE_STALE_TILE, ASSAY_SHAPE_STUCK_AT, ASSAY_SHAPE_BLIND_COMPARATOR}) {
    FakeGpu gpu({0, 1});
    const auto accelerator = open(gpu);
    Work work(*accelerator, "copy.d2h", 2, 4);
    work.job.injection = {shape, 1, 3, 0, 12345, 0x10};
    work.job.hits = {0b0100};
    const auto result = accelerator->run(work.job, work.stop);
    ASSERT_TRUE(result.ok());
    EXPECT_EQ(result->units[0].wrong, 0U);
    EXPECT_EQ(result->units[1].wrong, shape == ASSAY_SHAPE_BLIND_COMPARATOR ? 0U : 1U) << shape;
    EXPECT_NE(result->units[1].digests.at(2), work.goldens[0]) << shape;
    EXPECT_TRUE(result->records.empty());  // the way is innocent
  }
}

TEST(CudaCopies, APeerIsNeeded) {
  FakeGpu gpu;
  const auto alone = open(gpu);
  EXPECT_NE(missing(*alone, "copy.p2p").find("no second device"), std::string::npos);
  const Work work(*alone, "copy.p2p", 1, 1);
  EXPECT_EQ(alone->run(work.job, work.stop).error().code, ErrorCode::kUnsupported);
  gpu.devices = 3;
  EXPECT_NE(missing(*open(gpu), "copy.p2p"), "");
  gpu.peers_reach = true;
  EXPECT_EQ(missing(*open(gpu), "copy.p2p"), "");
}

TEST(CudaCopies, PeersAreInTheOrderOfARing) {
  FakeGpu gpu;
  gpu.devices = 4;
  gpu.peers_reach = true;
  EXPECT_EQ(find_peers(gpu.api(), 2, 4, false).value(), (std::vector<DriverDevice>{7 + 3, 7 + 0, 7 + 1}));
  gpu.attributes[kComputeMode] = kComputeExclusiveProcess;
  EXPECT_TRUE(find_peers(gpu.api(), 2, 4, false)->empty());
}

TEST(CudaCopies, WhatArrivesByAPeerIsTheResult) {
  FakeGpu gpu({0, 1});
  gpu.devices = 2;
  gpu.peers_reach = true;
  {
    const auto accelerator = open(gpu);
    const Work work(*accelerator, "copy.p2p", 2, 20);
    EXPECT_EQ(work.goldens[0], reference::digest("copy.d2h", 0).value());
    for (int turn = 0; turn < 2; ++turn) {
      const auto result = accelerator->run(work.job, work.stop);
      ASSERT_TRUE(result.ok()) << result.error().message;
      expect_goldens(*result, work, 2);
      EXPECT_EQ(gpu.contexts, 2);
    }
    gpu.on_way_to_peer = flip_in_transfer(0);
    const auto wrong = accelerator->run(work.job, work.stop);
    ASSERT_TRUE(wrong.ok());
    EXPECT_EQ(wrong->units[0].wrong, 1U);
    ASSERT_EQ(wrong->records.size(), 1U);
    EXPECT_EQ(wrong->records[0].expected ^ wrong->records[0].actual, 0x40U);
  }
  EXPECT_EQ(gpu.contexts, 0);
  EXPECT_TRUE(gpu.memory.empty());
  EXPECT_TRUE(gpu.pinned.empty());
}

TEST(CudaCopies, AnyCallOnTheWayMayFail) {
  bool succeeded = false;
  for (uint64_t first = 1; !succeeded; ++first) {
    ASSERT_LT(first, 1000U);
    FakeGpu gpu({0, 1});
    gpu.devices = 2;
    gpu.peers_reach = true;
    {
      const auto accelerator = open(gpu);
      const Work work(*accelerator, "copy.p2p", 2, 2);
      gpu.failing_call = first;
      gpu.failure = 700;
      const auto result = accelerator->run(work.job, work.stop);
      if (!result.ok()) {
        EXPECT_NE(result.error().message.find("CUDA_ERROR_OF_THE_TEST"), std::string::npos) << first;
      }
      succeeded = result.ok() && gpu.failing_call != 0;
    }
    EXPECT_EQ(gpu.contexts, 0) << first;
    EXPECT_TRUE(gpu.memory.empty()) << first;
  }
}

TEST(CudaDeviceMarch, GivesItsGoldensAtAnotherPlaceEachTime) {
  FakeGpu gpu({0, 1});
  const auto accelerator = open(gpu, 12 << 20);
  const Work work(*accelerator, "device.march", 2, 2);
  for (int turn = 0; turn < 3; ++turn) {
    const auto result = accelerator->run(work.job, work.stop);
    ASSERT_TRUE(result.ok()) << result.error().message;
    expect_goldens(*result, work, 2);
  }
  EXPECT_GE(std::set<DriverAddress>(gpu.scratches.begin(), gpu.scratches.end()).size(), 2U);
}

}  // namespace
}  // namespace assay::probes::cuda
