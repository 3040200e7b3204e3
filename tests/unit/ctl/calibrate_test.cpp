// SPDX-License-Identifier: Apache-2.0
#include "ctl/calibrate.h"

#include <gtest/gtest.h>

#include "probes/catalogue/catalogue.h"

namespace assay::ctl {
namespace {

using std::chrono::milliseconds;

RunnerInventory machine() {
  RunnerInventory inventory;
  for (uint32_t socket = 0; socket < 2; ++socket) {
    Device device;
    device.id = "cpu-n-s" + std::to_string(socket);
    device.socket = socket;
    device.units = {0, 1, 2, 3};
    inventory.devices.push_back(device);
  }
  inventory.variants = {{"cpu-n-s0", "int.mul.chain", "avx2", "vectors", "", true},
                        {"cpu-n-s0", "int.mul.chain", "scalar", "the scalar multiplier", "", true},
                        {"cpu-n-s0", "x87.arith", "", "", "this cpu has no such unit", false},
                        {"cpu-n-s1", "int.mul.chain", "avx2", "of the other socket", "", true},
                        {"GPU-1", "int.mul.chain", "cuda", "not of this socket", "", true},
                        {"cpu-n-s0", "of.another.release", "scalar", "", "", true}};
  return inventory;
}

RunnerAnswer answer_of(uint32_t runs, Duration busy) {
  RunnerAnswer answer;
  answer.result.emplace();
  answer.result->units.resize(1);
  answer.result->units[0].result.runs = runs;
  answer.result->units[0].result.busy = busy;
  return answer;
}

TEST(Calibrate, MeasuresEachVariantOfThisMachineOnce) {
  std::vector<std::string> asked;
  const auto cost = calibrate(machine(), [&](const probes::RunRequest& request) -> Result<RunnerAnswer> {
    asked.push_back(request.variant);
    EXPECT_EQ(request.work.size(), 1U);
    EXPECT_TRUE(request.goldens.empty()) << "it judges nothing";
    return answer_of(3, request.variant == "scalar" ? milliseconds{210} : milliseconds{12});
  });
  ASSERT_TRUE(cost.ok()) << cost.error().message;
  EXPECT_EQ(asked, (std::vector<std::string>{"avx2", "scalar"}));
  EXPECT_EQ(cost->source, "calibration");
  const ProbeCost& mul = cost->probes.at(to_string(probes::find_probe("int.mul.chain")->ref));
  ASSERT_EQ(mul.variants.size(), 2U);
  EXPECT_DOUBLE_EQ(mul.variants[0].run_s.value_or(0), 0.004);
  EXPECT_EQ(mul.variants[0].cells, 8U) << "on all sockets";
  EXPECT_FALSE(mul.variants[0].cells_covered) << "a calibration knows of no coverage";
  EXPECT_NEAR(mul.variants[0].hours_to_cover.value_or(0), 0.05 / (0.9 * 0.001) / 3600, 1e-9);
  EXPECT_NEAR(mul.variants[1].hours_to_cover.value_or(0), 0.1 / (0.9 * 0.001) / 3600, 1e-9) << "a run of 70 ms needs twice the slice";
}

TEST(Calibrate, WhatGaveNoRunHasNoTime) {
  const auto cost = calibrate(machine(), [](const probes::RunRequest& request) -> Result<RunnerAnswer> {
    if (request.variant == "scalar") return RunnerAnswer{std::nullopt, Inconclusive::kHang, "killed"};
    return answer_of(0, milliseconds{50});
  });
  ASSERT_TRUE(cost.ok());
  for (const VariantCost& variant : cost->probes.begin()->second.variants) {
    EXPECT_FALSE(variant.run_s);
    EXPECT_FALSE(variant.hours_to_cover);
  }
  EXPECT_FALSE(cost->total().hours_to_cover());
}

TEST(Calibrate, WithoutACpuSocketThereIsNothingToMeasureOn) {
  const RunOnce never = [](const probes::RunRequest&) -> Result<RunnerAnswer> { return answer_of(1, milliseconds{1}); };
  EXPECT_EQ(calibrate({}, never).error().code, ErrorCode::kNotFound);
}

}  // namespace
}  // namespace assay::ctl
