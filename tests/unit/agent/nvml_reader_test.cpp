// SPDX-License-Identifier: Apache-2.0
// The real reader process over the fake NVML.
#include "agent/telemetry/nvml/nvml_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <thread>

#include "agent/metrics_gpu.h"
#include "agent/telemetry/telemetry.h"
#include "tests/support/runner_process.h"
#include "tests/support/temp_dir.h"

namespace assay::agent {
namespace {

using namespace std::chrono_literals;
using Q = GpuQuantity;
using testing::HasSubstr;

class NvmlReaderTest : public testing::Test {
 protected:
  void SetUp() override { ::setenv("ASSAY_FAKE_NVML_SCRIPT", (dir_ / "script").c_str(), 1); }
  void TearDown() override { ::unsetenv("ASSAY_FAKE_NVML_SCRIPT"); }
  void script(std::string_view text) { ASSERT_TRUE(write_file_atomic(dir_ / "script", text).ok()); }
  NvmlReader reader(const char* age = "fake_nvml", Duration deadline = 20s) {
    NvmlOptions options;
    options.program = test::program("assay-nvml-reader");
    options.library = (test::program("").parent_path().parent_path() / age / "libnvidia-ml.so.1").string();
    options.deadline = deadline;
    return NvmlReader(options);
  }
  // Reads at a time of the test's, so that no pause after a failure is waited for.
  TelemetrySample read(NvmlReader& reader, Duration later = Duration::zero()) {
    TelemetrySample sample;
    result_ = reader.read(FsRoot(dir_.path()), BootClock::now() + later);
    reader.add_to(sample);
    return sample;
  }
  std::string problem() const { return result_.ok() ? "" : result_.error().message; }

  assay::test::TempDir dir_;
  Result<std::vector<Reading>> result_ = std::vector<Reading>{};
};

TEST_F(NvmlReaderTest, ReadsEveryGpuWithItsIdentity) {
  script("devices 2\nset 1 nvmlDeviceGetTemperatureV 66\nfield 1 185 250500\nfield * 82 71\n");
  auto nvml = reader();
  const auto sample = read(nvml);
  ASSERT_NE(sample.gpus, nullptr) << problem();
  ASSERT_EQ(sample.gpus->gpus.size(), 2U);
  const GpuReading& second = sample.gpus->gpus[1];
  EXPECT_EQ(second.identity, (GpuIdentity{1, "GPU-5111de00-0000-0000-0000-000000000001", "Fake GPU", "FAKE0001", "FAKE-PART", "00.00.00.00.FA", "00000000:B1:00.0"}));
  EXPECT_EQ(second.value(Q::kTemperature, "gpu"), 66.0);
  EXPECT_EQ(second.value(Q::kTemperature, "memory"), 71.0);
  EXPECT_EQ(second.value(Q::kPower), 250.5);
  EXPECT_EQ(second.value(Q::kClock, "sm"), 1.41e9);
  EXPECT_EQ(second.value(Q::kProcesses), 2.0);
  EXPECT_EQ(second.value(Q::kNvlinks, "active"), 4.0);
  EXPECT_EQ(second.value(Q::kEccLocationErrors, "uncorrected,volatile,device_memory"), 0.0);
  EXPECT_EQ(second.value(Q::kEccLocationErrors, "uncorrected,volatile,l1"), std::nullopt);
  EXPECT_EQ(sample.gpus->gpus[0].value(Q::kPower), 100.0) << "without the field, the older call";
  EXPECT_EQ(sample.gpus->driver_version, "570.86.15-fake");
  EXPECT_TRUE(sample.gpus->failed_calls.empty());

  Device device;
  device.id = second.identity.uuid;
  device.kind = DeviceKind::kGpu;
  EXPECT_EQ(conditions_of(sample, device), (Conditions{66.0, 250.5, 1.41e9}));
  device.id = "GPU-other";
  EXPECT_EQ(conditions_of(sample, device), Conditions{});
}

TEST_F(NvmlReaderTest, ALibraryOfOldGivesWhatItHas) {
  script("");
  auto old = reader("fake_nvml_old");
  const auto before = read(old);
  ASSERT_NE(before.gpus, nullptr) << problem();
  const GpuReading& gpu = before.gpus->gpus[0];
  EXPECT_EQ(gpu.value(Q::kTemperature, "gpu"), 40.0);
  EXPECT_EQ(gpu.value(Q::kTemperatureMargin), std::nullopt);
  EXPECT_EQ(gpu.value(Q::kMemoryUsed), 1073741824.0);
  EXPECT_EQ(gpu.value(Q::kMemoryReserved), std::nullopt);
  EXPECT_EQ(gpu.value(Q::kClockEvent, "idle"), 1.0);
  EXPECT_EQ(gpu.value(Q::kProcesses), 2.0);
  EXPECT_EQ(gpu.value(Q::kSramThreshold), std::nullopt);
  EXPECT_TRUE(before.gpus->failed_calls.empty()) << "a call that is missing is no failure";
  auto current = reader();
  const auto now = read(current);
  EXPECT_EQ(now.gpus->gpus[0].value(Q::kTemperatureMargin), 47.0);
  EXPECT_EQ(now.gpus->gpus[0].value(Q::kMemoryReserved), 524288000.0);
}

TEST_F(NvmlReaderTest, AStructThatIsTooNewFallsBackToTheOlderCall) {
  script("error * nvmlDeviceGetMemoryInfo_v2 25\nerror * nvmlDeviceGetTemperatureV 25\nset 0 nvmlDeviceGetTemperature 51\nerror * nvmlDeviceGetSramEccErrorStatus 25\n");
  auto nvml = reader();
  const auto sample = read(nvml);
  EXPECT_EQ(sample.gpus->gpus[0].value(Q::kMemoryUsed), 1073741824.0);
  EXPECT_EQ(sample.gpus->gpus[0].value(Q::kMemoryReserved), std::nullopt);
  EXPECT_EQ(sample.gpus->gpus[0].value(Q::kTemperature, "gpu"), 51.0);
  EXPECT_TRUE(sample.gpus->failed_calls.empty());
}

TEST_F(NvmlReaderTest, AnErrorOfOneCallCostsThatValueAloneAndIsCounted) {
  script("error 0 nvmlDeviceGetPcieReplayCounter 4\nerror 0 nvmlDeviceGetEccMode 3\n");
  auto nvml = reader();
  auto sample = read(nvml);
  EXPECT_EQ(sample.gpus->gpus[0].value(Q::kPcieReplays), std::nullopt);
  EXPECT_EQ(sample.gpus->gpus[0].value(Q::kEccErrors, "corrected,volatile"), std::nullopt);
  EXPECT_EQ(sample.gpus->gpus[0].value(Q::kPcieWidth), 16.0);
  sample = read(nvml);
  EXPECT_EQ(sample.nvml.failed_calls, (std::map<std::string, uint64_t>{{"no_permission", 2}}));
  EXPECT_EQ(sample.nvml.starts, 1U);
}

TEST_F(NvmlReaderTest, ACallThatHangsIsAFindingWithItsNameAndTheNextSampleIsFine) {
  script("devices 2\n");
  auto nvml = reader("fake_nvml", 700ms);
  ASSERT_NE(read(nvml).gpus, nullptr);
  script("devices 2\nhang 1 nvmlDeviceGetTemperatureV 60\n");
  auto sample = read(nvml);
  EXPECT_EQ(sample.gpus, nullptr);
  EXPECT_EQ(result_.error().code, ErrorCode::kTimeout);
  EXPECT_THAT(problem(), HasSubstr("the driver call nvmlDeviceGetTemperatureV of GPU 1 did not return within"));
  EXPECT_EQ(sample.nvml.hangs, 1U);
  EXPECT_FALSE(sample.nvml.stuck);
  ASSERT_EQ(sample.nvml.hung.size(), 1U);
  EXPECT_EQ(sample.nvml.hung[0].call, "nvmlDeviceGetTemperatureV");
  EXPECT_EQ(sample.nvml.hung[0].uuid, "GPU-5111de00-0000-0000-0000-000000000001");
  EXPECT_GE(sample.nvml.hung[0].after, 700ms);

  script("devices 2\n");
  EXPECT_EQ(read(nvml).gpus, nullptr) << "the next start waits";
  EXPECT_EQ(read(nvml).nvml.starts, 1U);
  sample = read(nvml, 11s);
  EXPECT_NE(sample.gpus, nullptr) << problem();
  EXPECT_EQ(sample.nvml.starts, 2U);
}

TEST_F(NvmlReaderTest, AHangOfTheFirstCallIsNamedToo) {
  script("hang * nvmlInit_v2 60\n");
  auto nvml = reader("fake_nvml", 700ms);
  const auto sample = read(nvml);
  ASSERT_EQ(sample.nvml.hung.size(), 1U);
  EXPECT_EQ(sample.nvml.hung[0].call, "nvmlInit_v2");
  EXPECT_EQ(sample.nvml.hung[0].gpu, std::nullopt);
}

TEST_F(NvmlReaderTest, ACrashInTheDriverIsCountedAndThePauseDoubles) {
  script("crash * nvmlDeviceGetPowerUsage\n");
  auto nvml = reader();
  EXPECT_EQ(read(nvml).nvml.crashes, 1U);
  EXPECT_EQ(read(nvml, 11s).nvml.crashes, 2U);
  EXPECT_EQ(read(nvml, 15s).nvml.starts, 2U) << "twenty seconds now";
  EXPECT_EQ(read(nvml, 21s).nvml.starts, 3U);
}

TEST_F(NvmlReaderTest, AGpuThatIsLostKeepsItsNameAndTheOthersAreRead) {
  script("devices 2\n");
  auto nvml = reader();
  ASSERT_NE(read(nvml).gpus, nullptr);
  script("devices 2\nerror 0 * 15\n");
  auto sample = read(nvml);
  EXPECT_EQ(sample.gpus->gpus[0].trouble, GpuTrouble::kLost);
  EXPECT_EQ(sample.gpus->gpus[0].identity.uuid, "GPU-5111de00-0000-0000-0000-000000000000");
  EXPECT_TRUE(sample.gpus->gpus[0].facts.empty());
  EXPECT_EQ(sample.gpus->gpus[1].trouble, GpuTrouble::kNone);
  EXPECT_EQ(sample.gpus->gpus[1].value(Q::kTemperature, "gpu"), 40.0);
  EXPECT_EQ(sample.nvml.failed_calls.at("gpu_is_lost"), 1U) << "one call is enough";

  // A new process cannot learn who GPU 0 is, but the agent knows.
  read(nvml, 61s);
  sample = read(nvml);
  EXPECT_EQ(sample.nvml.starts, 2U);
  EXPECT_EQ(sample.gpus->gpus[0].identity.uuid, "GPU-5111de00-0000-0000-0000-000000000000");
  script("devices 2\n");
  EXPECT_EQ(read(nvml).gpus->gpus[0].trouble, GpuTrouble::kNone) << "after a reset it is read again";
}

TEST_F(NvmlReaderTest, AGpuThatNeedsAResetSaysSo) {
  script("error 0 nvmlDeviceGetTemperatureV 16\n");
  auto nvml = reader();
  EXPECT_EQ(read(nvml).gpus->gpus[0].trouble, GpuTrouble::kResetRequired);
}

TEST_F(NvmlReaderTest, XidEventsComeWithTheSample) {
  script("devices 2\nxid 1 79\n");
  auto nvml = reader();
  EXPECT_EQ(read(nvml).gpus->xids, (std::vector<NvmlXid>{{1, 79}}));
  EXPECT_TRUE(read(nvml).gpus->xids.empty()) << "each once";
  script("devices 2\nxid 1 79\nxid 0 13\n");
  EXPECT_EQ(read(nvml).gpus->xids, (std::vector<NvmlXid>{{0, 13}}));
}

TEST_F(NvmlReaderTest, InstancesOfADividedGpuAreListedAcrossGaps) {
  script("set 0 nvmlDeviceGetMigMode 1\nset 0 mig_instances 3\n");
  auto nvml = reader();
  const auto sample = read(nvml);
  EXPECT_EQ(sample.gpus->gpus[0].value(Q::kMigMode), 1.0);
  const auto instances = std::ranges::count(sample.gpus->gpus[0].facts, Q::kMigInstance, &GpuFact::quantity);
  EXPECT_EQ(instances, 2);
}

TEST_F(NvmlReaderTest, WithoutADriverNothingIsStartedAndNothingFails) {
  NvmlOptions options;
  options.program = "/nonexistent";
  NvmlReader nvml(options);
  const auto sample = read(nvml);
  EXPECT_EQ(result_.error().code, ErrorCode::kNotFound);
  EXPECT_EQ(sample.nvml.starts + sample.nvml.errors, 0U);
}

TEST_F(NvmlReaderTest, ADriverWithoutItsLibraryIsAFailureThatNamesIt) {
  NvmlOptions options;
  options.program = test::program("assay-nvml-reader");
  options.library = "/nonexistent/libnvidia-ml.so.1";
  NvmlReader nvml(options);
  read(nvml);
  EXPECT_EQ(result_.error().code, ErrorCode::kUnavailable);
  EXPECT_THAT(problem(), HasSubstr("/nonexistent/libnvidia-ml.so.1"));
  options.library = "libc.so.6";
  NvmlReader other(options);
  read(other);
  EXPECT_THAT(problem(), HasSubstr("it is no NVML"));
}

TEST_F(NvmlReaderTest, AMismatchOfLibraryAndDriverIsNamed) {
  script("error * nvmlInit_v2 18\n");
  auto nvml = reader();
  read(nvml);
  EXPECT_THAT(problem(), HasSubstr("nvmlInit_v2: version_mismatch"));
}

TEST_F(NvmlReaderTest, TheAgentThatStopsDoesNotWaitForTheDriver) {
  script("hang * nvmlDeviceGetCount_v2 60\n");
  auto nvml = reader();
  const MonoTime begun = BootClock::now();
  std::thread stopper([&] {
    while (BootClock::now() < begun + 300ms) std::this_thread::yield();
    nvml.cancel();
  });
  read(nvml);
  stopper.join();
  EXPECT_LT(BootClock::now() - begun, 5s);
  EXPECT_EQ(result_.error().code, ErrorCode::kConflict);
}

}  // namespace
}  // namespace assay::agent
