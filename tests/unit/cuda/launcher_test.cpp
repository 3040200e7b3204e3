// SPDX-License-Identifier: Apache-2.0
// Discovery and the launcher of the CUDA backend over a made-up driver.
#include "probes/backend/cuda/launcher.h"

#include <gtest/gtest.h>

#include <array>

#include "probes/backend/cuda/backend.h"
#include "probes/reference/reference.h"
#include "tests/unit/cuda/fake_gpu.h"

namespace assay::probes::cuda {
namespace {

constexpr std::string_view kProbe = "int.alu.chain";
constexpr const char* kId = "GPU-8932f937-d72c-4106-c12f-20bd9faed9f6";

CudaBackend backend_of(const FakeGpu& gpu) {
  return CudaBackend([api = gpu.api()]() -> Result<DriverApi> { return api; });
}

// The words that the probe gives for a set; made once.
std::vector<uint64_t> make_words(uint32_t set) {
  std::vector<uint64_t> words;
  EXPECT_TRUE(reference::run(kProbe, set, [&](uint32_t, std::span<const uint64_t> step) { words.insert(words.end(), step.begin(), step.end()); }).ok());
  return words;
}
const std::vector<uint64_t>& right_words(uint32_t set) {
  static const std::array kMade = {make_words(0), make_words(1), make_words(2)};
  return kMade.at(set);
}

// A job of `sets` operand sets on the units, with what it points to.
struct Work {
  Work(const device::Accelerator& accelerator, std::vector<uint32_t> units, uint32_t sets, uint32_t runs, bool with_expected = true) {
    for (uint32_t set = 0; set < sets; ++set) {
      operands.push_back(accelerator.operands(kProbe, "simt", set).value());
      const std::vector<uint64_t>& words = right_words(set);
      Digest128 digest;
      digest.add(words);
      goldens.push_back(digest.value());
      expected.push_back(with_expected ? words : std::vector<uint64_t>());
    }
    for (uint32_t set = 0; set < sets; ++set) job_sets.push_back({set, operands[set], expected[set], goldens[set]});
    for (const uint32_t unit : units) {
      device::JobUnit& one = job_units.emplace_back();
      one.unit = unit;
      for (uint32_t i = 0; i < sets; ++i) one.slots.push_back((i + unit) % sets);
    }
    job.probe = kProbe;
    job.variant = "simt";
    job.sets = job_sets;
    job.units = job_units;
    job.runs_per_unit = runs;
    job.poison_seed = 4711;
    job.deadline = std::chrono::seconds(60);
    job.hits.assign((runs + 31) / 32, ~0U);
  }

  std::vector<std::vector<uint64_t>> operands;
  std::vector<std::vector<uint64_t>> expected;
  std::vector<Digest> goldens;
  std::vector<device::JobSet> job_sets;
  std::vector<device::JobUnit> job_units;
  device::Job job;
  std::atomic<bool> stop{false};
};

std::unique_ptr<device::Accelerator> open(const FakeGpu& gpu) {
  device::OpenOptions options;
  options.allow_injection = true;
  auto opened = backend_of(gpu).open(kId, options);
  EXPECT_TRUE(opened.ok()) << opened.error().message;
  return std::move(*opened);
}

TEST(CudaBackend, TellsWithoutADriverWhyThereIsNoDevice) {
  const CudaBackend backend([] { return load_driver("libassay-no-such-driver.so.1"); });
  std::string detail;
  const auto devices = backend.devices(detail);
  ASSERT_TRUE(devices.ok());
  EXPECT_TRUE(devices->empty());
  EXPECT_NE(detail.find("no NVIDIA driver: libassay-no-such-driver.so.1"), std::string::npos) << detail;
  EXPECT_EQ(backend.open(kId, {}).error().code, ErrorCode::kNotFound);
}

TEST(CudaBackend, ALibraryThatIsNoDriverIsNamed) { EXPECT_EQ(load_driver("libm.so.6").error().code, ErrorCode::kUnsupported); }

TEST(CudaBackend, NamesDevicesAsNvidiaSmiDoes) {
  FakeGpu gpu({0, 1, 2});
  std::string detail;
  auto devices = backend_of(gpu).devices(detail);
  ASSERT_TRUE(devices.ok());
  ASSERT_EQ(devices->size(), 1U);
  EXPECT_EQ(devices->front().id, kId);
  EXPECT_EQ(devices->front().architecture, "nvidia/sm_90");
  EXPECT_EQ(devices->front().units, (std::vector<uint32_t>{0, 1, 2}));
  EXPECT_EQ(gpu.contexts, 0);
  gpu.instance_uuid[0] = 1;
  EXPECT_EQ(backend_of(gpu).devices(detail)->front().id, "MIG-0132f937-d72c-4106-c12f-20bd9faed9f6");
  gpu.devices = 0;
  EXPECT_TRUE(backend_of(gpu).devices(detail)->empty());
  EXPECT_NE(detail.find("CUDA_VISIBLE_DEVICES"), std::string::npos);
}

TEST(CudaLauncher, EveryUnitGivesTheGoldens) {
  FakeGpu gpu;
  const auto accelerator = open(gpu);
  Work work(*accelerator, {0, 1, 2, 3}, 3, 40);
  const auto result = accelerator->run(work.job, work.stop);
  ASSERT_TRUE(result.ok()) << result.error().message;
  for (const device::JobUnitResult& unit : result->units) {
    EXPECT_TRUE(unit.reached);
    EXPECT_EQ(unit.wrong + unit.not_executed, 0U);
    ASSERT_EQ(unit.digests.size(), 40U);
    for (uint32_t run = 0; run < 40; ++run) EXPECT_EQ(unit.digests[run], work.goldens[(run % 3 + unit.unit) % 3]) << run;
  }
  EXPECT_GT(gpu.cooperative_launches, 1U);  // runs are dealt to launches of bounded time
  EXPECT_GT(2 * gpu.most_dynamic_shared_bytes, 233472U);
}

TEST(CudaLauncher, UnitNumbersMayHaveGaps) {
  FakeGpu gpu({1, 4, 9});
  const auto accelerator = open(gpu);
  Work work(*accelerator, {2}, 1, 2);
  work.job.injection = {ASSAY_SHAPE_BIT_FLIP, 2, 3, 0, 5, 1};
  const auto result = accelerator->run(work.job, work.stop);
  ASSERT_TRUE(result.ok()) << result.error().message;
  EXPECT_EQ(result->units[0].wrong, 2U);
  ASSERT_EQ(result->records.size(), 2U);
  EXPECT_EQ(result->records[0].unit, 2U);
  EXPECT_EQ(result->records[0].step, 3U);
  EXPECT_EQ(result->records[0].word, 5U);
  EXPECT_EQ(result->records[0].expected ^ result->records[0].actual, 1U);
}

TEST(CudaLauncher, APlantedFaultIsFoundOnItsUnitAlone) {
  FakeGpu gpu;
  const auto accelerator = open(gpu);
  for (const bool with_expected : {true, false}) {
    for (const uint32_t shape : {ASSAY_SHAPE_BIT_FLIP, ASSAY_SHAPE_MULTI_BIT, ASSAY_SHAPE_ZERO, ASSAY_SHAPE_DROPPED_WRITE, ASSAY_SHAPE_STALE_TILE,
                                 ASSAY_SHAPE_LANE_PERIODIC, ASSAY_SHAPE_SAME_MASK_PAIR, ASSAY_SHAPE_STUCK_AT, ASSAY_SHAPE_NAN_INF}) {
      Work work(*accelerator, {0, 1, 2, 3}, 2, 20, with_expected);
      work.job.injection = {shape, 1, 1000, 0, 12345, 0x10};
      work.job.hits.assign(1, 1U << 17);
      const auto result = accelerator->run(work.job, work.stop);
      ASSERT_TRUE(result.ok());
      for (const device::JobUnitResult& unit : result->units) {
        EXPECT_EQ(unit.wrong, unit.unit == 1 ? 1U : 0U) << shape << " " << with_expected;
        EXPECT_EQ(unit.digests[17] == work.goldens[(17 % 2 + unit.unit) % 2], unit.unit != 1) << shape;
        EXPECT_EQ(unit.not_executed, shape == ASSAY_SHAPE_DROPPED_WRITE && unit.unit == 1 ? 1U : 0U);
      }
      if (with_expected) {
        ASSERT_FALSE(result->records.empty());
        EXPECT_EQ(result->records[0].run, 17U);
      }
    }
  }
}

TEST(CudaLauncher, ABlindComparatorSaysMatchOverAWrongDigest) {
  FakeGpu gpu;
  const auto accelerator = open(gpu);
  for (const bool with_expected : {true, false}) {
    Work work(*accelerator, {0, 1}, 1, 4, with_expected);
    work.job.injection = {ASSAY_SHAPE_BLIND_COMPARATOR, 1, 0, 0, 5, 1};
    const auto result = accelerator->run(work.job, work.stop);
    ASSERT_TRUE(result.ok());
    EXPECT_EQ(result->units[1].wrong, 0U);
    EXPECT_NE(result->units[1].digests[0], work.goldens[0]);
  }
}

TEST(CudaLauncher, UnitsThatOthersHoldAreTriedAgainAndThenOwed) {
  FakeGpu gpu;
  const auto accelerator = open(gpu);
  gpu.cooperative_fits = false;
  const uint32_t before = gpu.launches;
  gpu.held = [before](uint32_t launch) { return launch < before + 2 ? std::set<uint32_t>{1, 3} : std::set<uint32_t>{3}; };
  Work work(*accelerator, {0, 1, 3}, 1, 2);
  const auto result = accelerator->run(work.job, work.stop);
  ASSERT_TRUE(result.ok());
  EXPECT_TRUE(result->units[0].reached);
  EXPECT_TRUE(result->units[1].reached);
  EXPECT_EQ(result->units[1].digests.size(), 2U);
  EXPECT_FALSE(result->units[2].reached);
  EXPECT_TRUE(result->units[2].digests.empty());
}

TEST(CudaLauncher, BlocksAreNoWiderThanTheKernelsBound) {
  FakeGpu gpu;
  gpu.most_lanes = 96;
  const auto accelerator = open(gpu);
  Work work(*accelerator, {0, 1}, 1, 8);
  const auto result = accelerator->run(work.job, work.stop);
  ASSERT_TRUE(result.ok()) << result.error().message;
  EXPECT_EQ(gpu.widest_block, 96U);
  EXPECT_EQ(result->units[0].digests.size(), 8U);
}

TEST(CudaLauncher, ShortMemoryIsALimitAndTheContextGoes) {
  FakeGpu gpu;
  const auto accelerator = open(gpu);
  Work work(*accelerator, {0, 1}, 1, 2);
  EXPECT_EQ(gpu.contexts, 1);
  gpu.free_bytes = 64 << 10;
  EXPECT_EQ(accelerator->run(work.job, work.stop).error().code, ErrorCode::kLimit);
  EXPECT_EQ(gpu.contexts, 0);
  gpu.free_bytes = size_t{1} << 30;
  EXPECT_TRUE(accelerator->run(work.job, work.stop).ok());
}

TEST(CudaLauncher, UnitsThatDoNotFitTogetherTakeTurns) {
  FakeGpu gpu;
  const auto accelerator = open(gpu);
  Work work(*accelerator, {0, 1, 2, 3}, 1, 1);
  work.job.injection = {ASSAY_SHAPE_BIT_FLIP, 3, 0, 0, 0, 1};
  device::OpenOptions options;
  options.allow_injection = true;
  // Two of the four units, not more.
  options.memory_bytes = MemoryPlan::make(device::find_program(kProbe)->shape, LaunchSizes{4, 2, 1, 1, 1, 1, true}).bytes;
  const auto small = std::move(*backend_of(gpu).open(kId, options));
  const uint32_t before = gpu.launches;
  const auto result = small->run(work.job, work.stop);
  ASSERT_TRUE(result.ok()) << result.error().message;
  EXPECT_GT(gpu.launches - before, 1U);
  ASSERT_EQ(result->units.size(), 4U);
  for (const device::JobUnitResult& unit : result->units) {
    EXPECT_EQ(unit.digests.size(), 1U);
    EXPECT_EQ(unit.wrong, unit.unit == 3 ? 1U : 0U);
  }
}

TEST(CudaLauncher, DevicesThatAreTakenAreLeftAlone) {
  FakeGpu gpu;
  gpu.attributes[kComputeMode] = kComputeExclusiveProcess;
  EXPECT_EQ(backend_of(gpu).open(kId, {}).error().code, ErrorCode::kConflict);
  gpu.attributes[kComputeMode] = kComputeDefault;
  gpu.attributes[kMpsEnabled] = 1;
  EXPECT_EQ(backend_of(gpu).open(kId, {}).error().code, ErrorCode::kConflict);
  EXPECT_EQ(gpu.contexts, 0);
  device::OpenOptions options;
  options.allow_mps = true;
  EXPECT_TRUE(backend_of(gpu).open(kId, options).ok());
  EXPECT_EQ(gpu.cooperative_launches, 0U);
}

TEST(CudaLauncher, StopEndsAJobBetweenLaunches) {
  FakeGpu gpu;
  const auto accelerator = open(gpu);
  Work work(*accelerator, {0}, 1, 64);
  gpu.held = [&work](uint32_t) {
    work.stop = true;
    return std::set<uint32_t>();
  };
  const auto result = accelerator->run(work.job, work.stop);
  ASSERT_TRUE(result.ok());
  EXPECT_GT(result->units[0].digests.size(), 0U);
  EXPECT_LT(result->units[0].digests.size(), 64U);
}

TEST(CudaLauncher, AJobThatDoesNotFitIsRefused) {
  FakeGpu gpu;
  const auto accelerator = open(gpu);
  Work work(*accelerator, {9}, 1, 2);
  EXPECT_EQ(accelerator->run(work.job, work.stop).error().code, ErrorCode::kInvalid);
  Work named(*accelerator, {0}, 1, 2);
  named.job.probe = "no.such.probe";
  EXPECT_EQ(accelerator->run(named.job, named.stop).error().code, ErrorCode::kNotFound);
  device::OpenOptions options;
  auto strict = std::move(*backend_of(gpu).open(kId, options));
  Work planted(*strict, {0}, 1, 2);
  planted.job.injection.shape = ASSAY_SHAPE_BIT_FLIP;
  EXPECT_EQ(strict->run(planted.job, planted.stop).error().code, ErrorCode::kInvalid);
}

// Whichever call fails first, with whatever: an error with the driver's words comes back, and nothing stays behind.
TEST(CudaLauncher, AnyCallMayFail) {
  for (const DriverResult failure : {2, 700, 999}) {
    bool succeeded = false;
    for (uint64_t call = 1; !succeeded; ++call) {
      ASSERT_LT(call, 1000U);
      FakeGpu gpu({0, 2});
      gpu.failing_call = call;
      gpu.failure = failure;
      {
        auto opened = backend_of(gpu).open(kId, {});
        std::string words = opened.ok() ? "" : opened.error().message;
        if (opened.ok()) {
          Work work(**opened, {0, 1}, 1, 2);
          const auto result = (*opened)->run(work.job, work.stop);
          words = result.ok() ? "" : result.error().message;
          // One attribute may be unknown to an old driver, and a call that did not come is one that did not fail.
          succeeded = result.ok() && gpu.failing_call != 0;
        }
        if (!words.empty()) {
          EXPECT_NE(words.find("CUDA_ERROR_OF_THE_TEST"), std::string::npos) << call << ": " << words;
        }
      }
      EXPECT_EQ(gpu.contexts, 0) << call;
      EXPECT_TRUE(gpu.memory.empty()) << call;
    }
  }
}

}  // namespace
}  // namespace assay::probes::cuda
