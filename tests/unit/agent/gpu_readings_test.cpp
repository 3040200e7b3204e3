// SPDX-License-Identifier: Apache-2.0
#include "agent/core/gpu_readings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/model/limits.h"

namespace assay::agent {
namespace {

using namespace std::chrono_literals;
using Q = GpuQuantity;
using testing::ElementsAre;

TEST(GpuReadings, AreTheFiguresOfTheSample) {
  GpuReading gpu;
  gpu.facts = {{Q::kTemperature, "gpu", 54},        {Q::kTemperature, "memory", 71},      {Q::kPowerLimit, "", 700},
               {Q::kClock, "sm", 1.98e9},           {Q::kClock, "memory", 2.619e9},       {Q::kClockEvent, "sw_power_cap", 1},
               {Q::kClockEvent, "hw_thermal", 0},   {Q::kEccErrors, "corrected,volatile", 3}, {Q::kEccErrors, "corrected,aggregate", 90},
               {Q::kEccErrors, "uncorrected,volatile", 1}, {Q::kRowRemaps, "correctable", 2}, {Q::kRowRemaps, "uncorrectable", 1},
               {Q::kRowRemapPending, "", 1},        {Q::kRowRemapFailure, "", 0},         {Q::kPcieReplays, "", 5},
               {Q::kNvlinkErrors, "replay", 6},     {Q::kNvlinkErrors, "crc_flit", 7},    {Q::kRecoveryAction, "none", 0},
               {Q::kRecoveryAction, "gpu_reset", 1}};
  AcceleratorReadings wanted;
  wanted.memory_temperature_celsius = 71;
  wanted.power_limit_watts = 700;
  wanted.memory_clock_hertz = 2.619e9;
  wanted.clock_events = {"sw_power_cap"};
  wanted.ecc_corrected = 3;
  wanted.ecc_uncorrected = 1;
  wanted.row_remaps = 3;
  wanted.row_remap_pending = true;
  wanted.row_remap_failure = false;
  wanted.pcie_replays = 5;
  wanted.nvlink_errors = 13;
  wanted.recovery_action = "gpu_reset";
  wanted.driver_version = "580.95.05";
  EXPECT_EQ(readings_of(gpu, "580.95.05"), wanted);
}

TEST(GpuReadings, WhatTheDriverDoesNotTellIsAbsent) {
  GpuReading gpu;
  gpu.facts = {{Q::kRecoveryAction, "none", 1}};
  EXPECT_TRUE(readings_of(gpu, "").empty());
  gpu.trouble = GpuTrouble::kLost;
  EXPECT_EQ(readings_of(gpu, "").trouble, "lost");
}

TEST(GpuReadings, TheLatestXidsOfTheGpuComeFirst) {
  const Instant now{from_unix_ms(1'800'000'000'000), MonoTime{10h}};
  std::map<XidKey, XidWatch::Count> counts;
  counts[{"00000000:18:00.0", XidKind::kXid, 48}] = {2, "memory_uncorrectable", now.mono - 5min};
  counts[{"00000000:18:00.0", XidKind::kXid, 63}] = {1, "memory_repair", now.mono - 1min};
  counts[{"00000000:18:00.0", XidKind::kSxid, 12028}] = {1, "", now.mono};
  counts[{"00000000:19:00.0", XidKind::kXid, 79}] = {1, "bus", now.mono};
  EXPECT_THAT(latest_xids(counts, "00000000:18:00.0", now),
              ElementsAre(XidCount{63, "memory_repair", 1, now.wall - 1min}, XidCount{48, "memory_uncorrectable", 2, now.wall - 5min}));
  counts[{"00000000:18:00.0", XidKind::kXid, 63}].xid_class = "A site's own words";
  EXPECT_EQ(latest_xids(counts, "00000000:18:00.0", now)[0].xid_class, "") << "the wire takes words";
  for (uint32_t code = 100; code < 140; ++code) counts[{"00000000:18:00.0", XidKind::kXid, code}] = {1, "", now.mono - code * 1s};
  const auto many = latest_xids(counts, "00000000:18:00.0", now);
  ASSERT_EQ(many.size(), limits::kXidsPerDevice);
  EXPECT_EQ(many[0].code, 63U);
  EXPECT_EQ(many[1].code, 100U);
}

}  // namespace
}  // namespace assay::agent
