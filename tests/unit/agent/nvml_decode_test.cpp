// SPDX-License-Identifier: Apache-2.0
#include "agent/telemetry/nvml/decode.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "agent/core/pci_address.h"
#include "agent/telemetry/nvml/frames.h"

namespace assay::agent::nvml {
namespace {

using Q = GpuQuantity;

FieldValue field(uint32_t id, int type, uint64_t bits, int result = kSuccess) {
  FieldValue value{};
  value.field = id;
  value.type = type;
  value.number.u64 = bits;
  value.result = result;
  return value;
}
std::optional<double> found(const Facts& facts, Q quantity, std::string_view part = "") {
  GpuReading reading;
  reading.facts = facts;
  return reading.value(quantity, part);
}

TEST(NvmlDecode, NumbersComeInTheTypeThatTheEntrySays) {
  EXPECT_EQ(number_of(field(1, kUint, 71)), 71.0);
  EXPECT_EQ(number_of(field(1, kUlongLong, uint64_t{1} << 40)), 1099511627776.0);
  EXPECT_EQ(number_of(field(1, kSint, 0xFFFFFFFEULL)), -2.0);
  EXPECT_EQ(number_of(field(1, kSlongLong, ~uint64_t{0})), -1.0);
  EXPECT_EQ(number_of(field(1, kUshort, 0xABCD0007)), 7.0);
  EXPECT_EQ(number_of(field(1, kDouble, 0x4000000000000000ULL)), 2.0);
  EXPECT_EQ(number_of(field(1, 7, 3)), std::nullopt) << "a type of a later release";
  EXPECT_EQ(number_of(field(1, kUint, 3, kNotSupported)), std::nullopt);
}

TEST(NvmlDecode, FieldsBecomeFactsInBaseUnits) {
  Facts facts;
  const std::array values = {field(kFieldMemoryTemperature, kUint, 71), field(kFieldPowerAverage, kUint, 250'500), field(kFieldPowerInstant, kUint, 300'000),
                             field(kFieldThrottleHwThermal, kUlongLong, 2'500'000'000), field(kFieldLimitSlowdown, kSint, 0xFFFFFFFEULL),
                             field(kFieldNvlinkReplay, kUlongLong, 5), field(kFieldNvlinkCrcFlit, kUlongLong, 5, kNotSupported)};
  decode_fields(values, facts);
  EXPECT_EQ(found(facts, Q::kTemperature, "memory"), 71.0);
  EXPECT_EQ(found(facts, Q::kPower), 250.5) << "the mean of a second is preferred";
  EXPECT_EQ(found(facts, Q::kThrottleTime, "hw_thermal"), 2.5);
  EXPECT_EQ(found(facts, Q::kTemperatureLimitOffset, "slowdown"), -2.0);
  EXPECT_EQ(found(facts, Q::kNvlinkErrors, "replay"), 5.0);
  EXPECT_EQ(found(facts, Q::kNvlinkErrors, "crc_flit"), std::nullopt) << "not supported has no fact, and no zero";
}

TEST(NvmlDecode, TheRecoveryActionIsOneOfAll) {
  Facts facts;
  decode_fields(std::array{field(kFieldRecoveryAction, kUint, 4)}, facts);
  EXPECT_EQ(facts.size(), 6U);
  EXPECT_EQ(found(facts, Q::kRecoveryAction, "drain_and_reset"), 1.0);
  EXPECT_EQ(found(facts, Q::kRecoveryAction, "none"), 0.0);
  facts.clear();
  decode_fields(std::array{field(kFieldRecoveryAction, kUint, 9)}, facts);
  EXPECT_EQ(found(facts, Q::kRecoveryAction, "unknown"), 1.0);
}

TEST(NvmlDecode, ClockEventsAreToldForSupportedReasonsAndForActiveOnes) {
  Facts facts;
  decode_clock_events(kReasonHwThermal | 0x4, 0x5, facts);
  EXPECT_EQ(found(facts, Q::kClockEvent, "hw_thermal"), 1.0);
  EXPECT_EQ(found(facts, Q::kClockEvent, "sw_power_cap"), 1.0);
  EXPECT_EQ(found(facts, Q::kClockEvent, "idle"), 0.0);
  EXPECT_EQ(found(facts, Q::kClockEvent, "hw_power_brake"), std::nullopt);
  facts.clear();
  decode_clock_events(0, std::nullopt, facts);
  EXPECT_EQ(facts.size(), 9U);
}

TEST(NvmlDecode, ErrorsHaveNamesAndAbsenceIsNoError) {
  EXPECT_EQ(error_name(kGpuIsLost), "gpu_is_lost");
  EXPECT_EQ(error_name(kVersionMismatch), "version_mismatch");
  EXPECT_EQ(error_name(30), "reset_type_not_supported");
  EXPECT_EQ(error_name(999), "unknown");
  EXPECT_EQ(error_name(77), "error_77");
  EXPECT_EQ(error_name(-1), "error_-1");
  EXPECT_TRUE(is_absent(kNotSupported));
  EXPECT_FALSE(is_absent(kNoPermission));
  EXPECT_EQ(trouble_of(kGpuIsLost), GpuTrouble::kLost);
  EXPECT_EQ(trouble_of(kUnknown), GpuTrouble::kUnreadable);
}

TEST(PciAddress, EveryWayOfWritingGivesOne) {
  for (const char* text : {"0000:b5:00", "PCI:0000:b5:00", "0000:b5:00.0", "00000000:B5:00.0", "PCI:0000:B5:00"}) {
    EXPECT_EQ(wide_pci_bus_id(text), "00000000:B5:00.0") << text;
  }
  EXPECT_EQ(wide_pci_bus_id("0018:01:00"), "00000018:01:00.0");
  for (const char* text : {"", "b5:00", "PCI:0000:b5:00.", "0000:b5:0g", "0000:b5", "123456789:00:00", "0000:b5:00.00"}) {
    EXPECT_EQ(wide_pci_bus_id(text), std::nullopt) << text;
  }
}

GpuReading full_reading() {
  GpuReading gpu;
  gpu.identity = {3, "GPU-x", "Fake GPU", "S1", "P1", "V1", "00000000:B5:00.0"};
  gpu.trouble = GpuTrouble::kResetRequired;
  gpu.facts = {{Q::kPower, "", 250.5}, {Q::kEccErrors, "corrected,volatile", 7}};
  return gpu;
}

TEST(NvmlFrames, WhatIsSentIsWhatArrives) {
  const auto gpu = decode_answer(encode(Answer{9, full_reading()}));
  ASSERT_TRUE(gpu.ok());
  EXPECT_EQ(gpu->id, 9U);
  EXPECT_EQ(std::get<GpuReading>(gpu->what), full_reading());
  const CallMade call{"nvmlInit_v2", {}};
  EXPECT_EQ(std::get<CallMade>(decode_answer(encode(Answer{1, call}))->what), call);
  const SampleDone done{"570.1", 2, {{1, 79}}, {{"no_permission", 4}}};
  EXPECT_EQ(std::get<SampleDone>(decode_answer(encode(Answer{1, done}))->what), done);
  EXPECT_EQ(std::get<SampleFailed>(decode_answer(encode(Answer{1, SampleFailed{"why"}}))->what), SampleFailed{"why"});
  EXPECT_EQ(decode_request(encode(SampleRequest{77}))->id, 77U);
}

TEST(NvmlFrames, NoCutOrChangedFrameIsTakenForAnother) {
  const std::string frame = encode(Answer{9, full_reading()});
  for (size_t size = 0; size < frame.size(); ++size) EXPECT_FALSE(decode_answer(frame.substr(0, size)).ok()) << size;
  EXPECT_FALSE(decode_answer(frame + "x").ok());
  std::string other_version = frame;
  other_version[0] = 2;
  EXPECT_FALSE(decode_answer(other_version).ok());
  EXPECT_FALSE(decode_answer(encode(SampleRequest{1})).ok()) << "a request is no answer";
  EXPECT_FALSE(decode_request(frame).ok());
  GpuReading wild = full_reading();
  wild.facts[0].value = std::numeric_limits<double>::quiet_NaN();
  EXPECT_FALSE(decode_answer(encode(Answer{9, wild})).ok());
  wild = full_reading();
  wild.identity.index = 64;
  EXPECT_FALSE(decode_answer(encode(Answer{9, wild})).ok());
}

TEST(NvmlFrames, ADriverCannotPutStrangeBytesIntoLogsAndLabels) {
  GpuReading gpu = full_reading();
  gpu.identity.model = "Fa\xC3ke\nGPU";
  EXPECT_EQ(std::get<GpuReading>(decode_answer(encode(Answer{1, gpu}))->what).identity.model, "Fa?ke?GPU");
}

TEST(NvmlFrames, ABigGpuStillFits) {
  GpuReading gpu = full_reading();
  gpu.facts.assign(10'000, {Q::kMigInstance, std::string(500, 'x'), 1});
  gpu.identity.model = std::string(5000, 'm');
  const std::string frame = encode(Answer{1, gpu});
  EXPECT_LE(frame.size(), kFrameBytes);
  EXPECT_EQ(std::get<GpuReading>(decode_answer(frame)->what).facts.size(), kFactsPerGpu);
}

}  // namespace
}  // namespace assay::agent::nvml
