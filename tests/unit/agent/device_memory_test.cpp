// SPDX-License-Identifier: Apache-2.0
#include "agent/device_memory.h"

#include <gtest/gtest.h>

#include "common/base/bytes.h"
#include "tests/unit/agent/core_fixture.h"

namespace assay::agent {
namespace {

using namespace test;

TEST(DeviceMemory, ComesBackAsItWas) {
  const auto probes = three_probes();
  const Coverage coverage(probes, 2, at(0s));
  DeviceMemory memory;
  memory.state = DeviceState::kQuarantined;
  memory.state_synthetic = true;
  memory.suspected_by_collector = true;
  memory.coverage = coverage.save();
  memory.lengths = "how long runs take";
  Incident incident;
  incident.id = "inc-0123456789abcdef";
  incident.node = "n1";
  incident.device_id = "cpu-a";
  incident.probe = {"alpha.one", 1};
  incident.verdict = Verdict::kConfirmedUnit;
  incident.actual = Digest{1, 2};
  incident.steps.resize(3);
  memory.incidents.push_back(incident);
  const auto decoded = decode_device_memory(encode(memory));
  ASSERT_TRUE(decoded.ok()) << decoded.error().message;
  EXPECT_EQ(decoded->state, memory.state);
  EXPECT_TRUE(decoded->state_synthetic);
  EXPECT_TRUE(decoded->suspected_by_collector);
  EXPECT_EQ(decoded->coverage, memory.coverage);
  EXPECT_EQ(decoded->lengths, memory.lengths);
  EXPECT_EQ(decoded->incidents, memory.incidents);
}

TEST(DeviceMemory, OfAFormerReleaseIsStillRead) {
  ByteWriter out;  // format 1: state, drill, coverage, incidents
  out.u8(1);
  out.u8(static_cast<uint8_t>(DeviceState::kSuspect));
  out.u8(0);
  out.text("coverage");
  out.u32(0);
  const auto decoded = decode_device_memory(out.bytes());
  ASSERT_TRUE(decoded.ok()) << decoded.error().message;
  EXPECT_EQ(decoded->state, DeviceState::kSuspect);
  EXPECT_EQ(decoded->coverage, "coverage");
  EXPECT_EQ(decoded->lengths, "");
}

TEST(DeviceMemory, BytesThatWereCutOrChangedAreCorrupt) {
  DeviceMemory memory;
  memory.coverage = "x";
  const std::string bytes = encode(memory);
  for (size_t size = 0; size < bytes.size(); ++size) EXPECT_FALSE(decode_device_memory(bytes.substr(0, size)).ok());
  EXPECT_FALSE(decode_device_memory(bytes + "y").ok());
  std::string bad_state = bytes;
  bad_state[1] = 99;
  EXPECT_EQ(decode_device_memory(bad_state).error().code, ErrorCode::kCorrupt);
}

}  // namespace
}  // namespace assay::agent
