// SPDX-License-Identifier: Apache-2.0
#include "agent/telemetry/telemetry.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>

#include "agent/machine.h"
#include "agent/telemetry/cpufreq.h"
#include "agent/telemetry/edac.h"
#include "agent/telemetry/hwmon.h"
#include "agent/telemetry/psi.h"
#include "agent/telemetry/rapl.h"
#include "agent/telemetry/thermal_throttle.h"
#include "common/base/file.h"
#include "tests/support/manual_clock.h"
#include "tests/support/temp_dir.h"

namespace assay::agent {
namespace {

using namespace std::chrono_literals;
constexpr MonoTime kStart{std::chrono::hours{1}};

class TelemetryTest : public testing::Test {
 protected:
  void put(std::string_view path, std::string_view content) {
    const auto file = root_.resolve(path);
    std::filesystem::create_directories(file.parent_path());
    ASSERT_TRUE(write_file_atomic(file, content).ok());
  }
  static Device socket(uint32_t number, std::vector<uint32_t> cpus) {
    Device device;
    device.id = "cpu-" + std::to_string(number);
    device.socket = number;
    device.units = std::move(cpus);
    return device;
  }
  static std::optional<double> value(const Result<std::vector<Reading>>& readings, Quantity quantity, std::string_view source, std::string_view sensor = "") {
    if (!readings.ok()) return std::nullopt;
    for (const Reading& reading : *readings) {
      if (reading.quantity == quantity && reading.source == source && reading.sensor == sensor) return reading.value;
    }
    return std::nullopt;
  }

  assay::test::TempDir dir_;
  FsRoot root_{dir_.path()};
};

TEST_F(TelemetryTest, AMachineWithoutAnySourceHasNoReadingsAndNoFailures) {
  auto readers = all_readers({socket(0, {0})});
  assay::test::ManualClock clock;
  const TelemetrySample taken = sample(readers, root_, clock);
  EXPECT_EQ(taken.readers.size(), 6U);
  for (const ReaderReport& reader : taken.readers) EXPECT_FALSE(reader.present) << reader.name;
  EXPECT_EQ(conditions_of(taken, socket(0, {0})), Conditions{});
}

TEST_F(TelemetryTest, HwmonFindsChipsByNameAndLeavesCoresOut) {
  put("/sys/class/hwmon/hwmon3/name", "coretemp\n");
  put("/sys/class/hwmon/hwmon3/temp1_input", "54000\n");
  put("/sys/class/hwmon/hwmon3/temp1_label", "Package id 1\n");
  put("/sys/class/hwmon/hwmon3/temp2_input", "61000\n");
  put("/sys/class/hwmon/hwmon3/temp2_label", "Core 0\n");
  put("/sys/class/hwmon/hwmon5/name", "k10temp\n");
  put("/sys/class/hwmon/hwmon5/temp1_input", "47125\n");
  put("/sys/class/hwmon/hwmon5/temp1_label", "Tctl\n");
  put("/sys/class/hwmon/hwmon6/name", "nvme\n");
  put("/sys/class/hwmon/hwmon6/temp1_input", "not a number\n");
  const auto readings = HwmonReader().read(root_, kStart);
  EXPECT_EQ(readings->size(), 2U);
  EXPECT_EQ(value(readings, Quantity::kTemperatureCelsius, "coretemp", "Package id 1"), 54.0);
  EXPECT_EQ(value(readings, Quantity::kTemperatureCelsius, "k10temp", "Tctl"), 47.125);
  EXPECT_EQ((*readings)[0].socket, 1U);
  EXPECT_EQ((*readings)[1].socket, 0U);
}

TEST_F(TelemetryTest, RaplIsADifferenceAndUnwraps) {
  put("/sys/class/powercap/intel-rapl:0/name", "package-0\n");
  put("/sys/class/powercap/intel-rapl:0/max_energy_range_uj", "1000000000\n");
  put("/sys/class/powercap/intel-rapl:0/energy_uj", "500000000\n");
  put("/sys/class/powercap/intel-rapl:0:0/name", "core\n");
  put("/sys/class/powercap/intel-rapl:0:0/energy_uj", "5\n");
  RaplReader reader;
  EXPECT_EQ(reader.read(root_, kStart)->size(), 0U) << "one sample has no power";
  put("/sys/class/powercap/intel-rapl:0/energy_uj", "900000000\n");
  EXPECT_EQ(value(reader.read(root_, kStart + 4s), Quantity::kPowerWatts, "package-0"), 100.0);
  put("/sys/class/powercap/intel-rapl:0/energy_uj", "100000000\n");
  EXPECT_EQ(value(reader.read(root_, kStart + 6s), Quantity::kPowerWatts, "package-0"), 100.0);
}

TEST_F(TelemetryTest, RaplThatOnlyRootMayReadIsAFailureAndSaysSo) {
  put("/sys/class/powercap/intel-rapl:0/name", "package-0\n");
  const auto readings = RaplReader().read(root_, kStart);
  ASSERT_FALSE(readings.ok());
  EXPECT_EQ(readings.error().code, ErrorCode::kPermission);
}

TEST_F(TelemetryTest, CpufreqIsTheMeanOverTheSocketsCores) {
  put("/sys/devices/system/cpu/cpu0/cpufreq/scaling_cur_freq", "2000000\n");
  put("/sys/devices/system/cpu/cpu2/cpufreq/scaling_cur_freq", "3000000\n");
  put("/sys/devices/system/cpu/cpu4/cpufreq/scaling_cur_freq", "1000000\n");
  const auto readings = CpufreqReader({socket(0, {0, 2}), socket(1, {4})}).read(root_, kStart);
  EXPECT_EQ(value(readings, Quantity::kClockHertz, "socket-0"), 2.5e9);
  EXPECT_EQ(value(readings, Quantity::kClockHertz, "socket-1"), 1e9);
}

TEST_F(TelemetryTest, ThrottleCountsAreSummedOverCores) {
  for (const auto& [cpu, count] : {std::pair{0, 3}, std::pair{1, 4}}) {
    const std::string base = "/sys/devices/system/cpu/cpu" + std::to_string(cpu) + "/thermal_throttle/";
    put(base + "core_throttle_count", std::to_string(count));
    put(base + "package_throttle_count", "9");
  }
  const auto readings = ThermalThrottleReader({socket(0, {0, 1})}).read(root_, kStart);
  EXPECT_EQ(value(readings, Quantity::kThrottleEvents, "socket-0", "cores"), 7.0);
  EXPECT_EQ(value(readings, Quantity::kThrottleEvents, "socket-0", "package"), 9.0);
}

TEST_F(TelemetryTest, EdacCountsPerControllerAndIgnoresOtherEntries) {
  put("/sys/devices/system/edac/mc/mc0/ce_count", "12\n");
  put("/sys/devices/system/edac/mc/mc0/ue_count", "1\n");
  put("/sys/devices/system/edac/mc/power/control", "auto\n");
  const auto readings = EdacReader().read(root_, kStart);
  EXPECT_EQ(readings->size(), 2U);
  EXPECT_EQ(value(readings, Quantity::kCorrectedErrors, "mc0"), 12.0);
  EXPECT_EQ(value(readings, Quantity::kUncorrectedErrors, "mc0"), 1.0);
}

TEST_F(TelemetryTest, PressureIsARatio) {
  put("/proc/pressure/cpu", "some avg10=12.50 avg60=3.00 avg300=1.00 total=123\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=0\n");
  put("/proc/pressure/memory", "some avg10=0.25 avg60=0 avg300=0 total=1\nfull avg10=0.10 avg60=0 avg300=0 total=1\n");
  const auto readings = PsiReader().read(root_, kStart);
  EXPECT_EQ(value(readings, Quantity::kPressureRatio, "cpu", "some"), 0.125);
  EXPECT_EQ(value(readings, Quantity::kPressureRatio, "memory", "full"), 0.001);
  EXPECT_EQ(cpu_pressure_ratio(root_), 0.125);
  put("/proc/pressure/cpu", "gibberish");
  EXPECT_FALSE(cpu_pressure_ratio(root_));
}

TEST_F(TelemetryTest, ConditionsAreThoseOfTheDevicesOwnSocket) {
  TelemetrySample taken;
  ReaderReport report;
  report.readings = {{Quantity::kTemperatureCelsius, "coretemp", "Package id 0", 0, 50}, {Quantity::kTemperatureCelsius, "k10temp", "Tccd1", 0, 55},
                     {Quantity::kTemperatureCelsius, "coretemp", "Package id 1", 1, 80}, {Quantity::kPowerWatts, "package-0", "", 0, 200},
                     {Quantity::kTemperatureCelsius, "nvme", "Composite", std::nullopt, 90}};
  taken.readers.push_back(report);
  const Conditions conditions = conditions_of(taken, socket(0, {0}));
  EXPECT_EQ(conditions.temperature_celsius, 55.0);
  EXPECT_EQ(conditions.power_watts, 200.0);
  EXPECT_FALSE(conditions.clock_hertz);
}

TEST_F(TelemetryTest, MachineFactsAreAbsentWhenTheKernelDoesNotTell) {
  EXPECT_FALSE(memory_available_bytes(root_));
  EXPECT_EQ(boot_id(root_), "unknown");
  put("/proc/meminfo", "MemTotal:       16000000 kB\nMemAvailable:    8000000 kB\nBuffers: 1 kB\n");
  put("/proc/sys/kernel/random/boot_id", "0e2b5f3e-2f1d-4b6a-8a53-1de2f7a1c0aa\n");
  EXPECT_EQ(memory_available_bytes(root_), 8'192'000'000ULL);
  EXPECT_EQ(boot_id(root_), "0e2b5f3e-2f1d-4b6a-8a53-1de2f7a1c0aa");
}

class CountingReader final : public Reader {
 public:
  explicit CountingReader(std::atomic<int>& count) : count_(count) {}
  std::string_view name() const override { return "counting"; }
  Result<std::vector<Reading>> read(const FsRoot&, MonoTime) override {
    ++count_;
    return make_error(ErrorCode::kUnavailable, "sick");
  }

 private:
  std::atomic<int>& count_;
};

TEST(Telemetry, SamplesAtOnceAndThenAtItsIntervalAndStops) {
  std::atomic<int> count = 0;
  std::vector<std::unique_ptr<Reader>> readers;
  readers.push_back(std::make_unique<CountingReader>(count));
  const SystemClock clock;
  Telemetry telemetry(std::move(readers), FsRoot(), clock, 1h);
  const MonoTime deadline = clock.now().mono + 20s;
  while (!telemetry.latest() && clock.now().mono < deadline) std::this_thread::yield();
  ASSERT_TRUE(telemetry.latest());
  const ReaderReport report = telemetry.latest()->readers[0];
  EXPECT_TRUE(report.present);
  EXPECT_FALSE(report.success);
  EXPECT_EQ(report.problem, "sick");
  telemetry.set_interval(1ms);
  while (count < 4 && clock.now().mono < deadline) std::this_thread::yield();
  EXPECT_GE(count, 4);
  EXPECT_TRUE(telemetry.stop(10s));
}

}  // namespace
}  // namespace assay::agent
