// SPDX-License-Identifier: Apache-2.0
#include "common/model/device_state.h"

#include <set>

namespace assay {
namespace {

TEST(DeviceState, TheTableHasOneEdgePerStateAndEvent) {
  std::set<std::pair<DeviceState, StateEvent>> seen;
  for (const Transition& edge : transitions()) EXPECT_TRUE(seen.emplace(edge.from, edge.event).second) << to_string(edge.from);
}

TEST(DeviceState, AnEventOutsideTheTableChangesNothing) {
  EXPECT_EQ(next_state(DeviceState::kRetired, StateEvent::kRelease), DeviceState::kRetired);
  EXPECT_EQ(next_state(DeviceState::kQuarantined, StateEvent::kFirstPass), DeviceState::kQuarantined);
}

TEST(DeviceState, OnlyAnOperatorLeadsOutOfQuarantine) {
  for (uint8_t i = 0; i <= static_cast<uint8_t>(kLastStateEvent); ++i) {
    const auto event = static_cast<StateEvent>(i);
    const bool by_operator = event == StateEvent::kRelease || event == StateEvent::kSendToRepair || event == StateEvent::kRetire;
    EXPECT_EQ(next_state(DeviceState::kQuarantined, event) != DeviceState::kQuarantined, by_operator) << to_string(event);
  }
}

TEST(DeviceState, NothingLeadsOutOfRetirement) {
  for (const Transition& edge : transitions()) EXPECT_NE(edge.from, DeviceState::kRetired);
}

TEST(DeviceState, ReleaseLeadsToProbationNotStraightToService) {
  EXPECT_EQ(next_state(DeviceState::kQuarantined, StateEvent::kRelease), DeviceState::kProbation);
  EXPECT_EQ(next_state(DeviceState::kProbation, StateEvent::kProbationPassed), DeviceState::kInService);
}

TEST(DeviceState, NamesRoundTrip) {
  for (uint8_t i = 0; i <= static_cast<uint8_t>(kLastDeviceState); ++i) {
    const auto state = static_cast<DeviceState>(i);
    EXPECT_EQ(*parse_device_state(to_string(state)), state);
  }
  EXPECT_FALSE(parse_device_state("healthy").ok()) << "no device is ever called healthy";
  EXPECT_EQ(*parse_policy_mode("enforce"), PolicyMode::kEnforce);
  EXPECT_FALSE(parse_policy_mode("on").ok());
}

TEST(Decision, CanonicalTextIsStableAndUnambiguous) {
  Decision decision{.number = 7, .kind = DecisionKind::kQuarantine, .at = from_unix_ms(1000), .actor = "policy", .node = "n1",
                    .device_id = "cpu-n1-s0", .incident_id = "inc-1", .probe = "gemm.fp64.grid/1", .reason = "a=b\nc\\d",
                    .synthetic = false, .state_after = DeviceState::kQuarantined};
  EXPECT_EQ(canonical_text(decision),
            "assay-decision-1\nnumber=7\nkind=quarantine\nat_unix_ms=1000\nactor=policy\nnode=n1\ndevice=cpu-n1-s0\n"
            "incident=inc-1\nprobe=gemm.fp64.grid/1\nreason=a\\=b\\nc\\\\d\nsynthetic=false\nstate_after=quarantined\n");
}

}  // namespace
}  // namespace assay
