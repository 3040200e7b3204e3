// SPDX-License-Identifier: Apache-2.0
#include "agent/core/device_choice.h"

#include <gtest/gtest.h>

#include "common/model/limits.h"

namespace assay::agent {
namespace {

FoundDevice found(const std::string& backend, const std::string& id, const std::string& location = "") {
  FoundDevice one;
  one.backend = backend;
  one.device.id = id;
  one.device.location = location;
  return one;
}

std::vector<std::string> ids_of(const DeviceChoice& choice) {
  std::vector<std::string> ids;
  for (const FoundDevice& one : choice.chosen) ids.push_back(one.device.id);
  return ids;
}

std::vector<FoundDevice> machine() {
  return {found("host", "cpu-n-s0"), found("cuda", "GPU-a", "00000000:3B:00.0"), found("cuda", "GPU-b", "00000000:86:00.0"),
          found("opencl", "ocl-1", "0000:3b:00.0"), found("opencl", "ocl-2", "cpu"), found("opencl", "ocl-3", "0000:03:00.0")};
}

TEST(DeviceChoice, NoSiliconIsProbedTwice) {
  const DeviceChoice choice = choose_devices(machine(), {});
  EXPECT_EQ(ids_of(choice), (std::vector<std::string>{"cpu-n-s0", "GPU-a", "GPU-b", "ocl-3"}));
  ASSERT_EQ(choice.left_out.size(), 2U);
  EXPECT_EQ(choice.left_out[0].id, "ocl-1");
  EXPECT_NE(choice.left_out[0].why.find("GPU-a"), std::string::npos);
  EXPECT_EQ(choice.left_out[1].id, "ocl-2");
}

TEST(DeviceChoice, WhatIsIncludedIsProbedAllTheSame) {
  const DeviceChoice choice = choose_devices(machine(), {{"ocl-1", "ocl-2"}, {}});
  EXPECT_EQ(choice.chosen.size(), 6U);
}

TEST(DeviceChoice, WhatIsExcludedIsNotAndLeavesItsPartToOthers) {
  const DeviceChoice choice = choose_devices(machine(), {{"GPU-b"}, {"GPU-a", "GPU-b"}});
  EXPECT_EQ(ids_of(choice), (std::vector<std::string>{"cpu-n-s0", "ocl-1", "ocl-3"}));
}

TEST(DeviceChoice, PartsOfOneChipAreDevicesOfTheirOwn) {
  const DeviceChoice choice = choose_devices({found("cuda", "MIG-1", "0000:3b:00.0"), found("cuda", "MIG-2", "0000:3b:00.0")}, {});
  EXPECT_EQ(choice.chosen.size(), 2U);
}

TEST(DeviceChoice, AnIdIsProbedOnceAndNotEndlesslyMany) {
  EXPECT_EQ(choose_devices({found("cuda", "GPU-a"), found("other", "GPU-a")}, {{"GPU-a"}, {}}).chosen.size(), 1U);
  std::vector<FoundDevice> many;
  for (uint32_t i = 0; i < limits::kDevicesPerNode + 3; ++i) many.push_back(found("cuda", "GPU-" + std::to_string(i)));
  EXPECT_EQ(choose_devices(many, {}).chosen.size(), limits::kDevicesPerNode);
}

}  // namespace
}  // namespace assay::agent
