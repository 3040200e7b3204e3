// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "tests/unit/collector_core/fleet_bench.h"

namespace assay::collector::test {
namespace {

TEST(OperatorRules, ReleasesOnlyWhatIsQuarantined) {
  FleetBench bench;
  bench.populate(1);
  const StepResult unknown = bench.step(OperatorRelease{"nobody", "ann", "x"});
  EXPECT_EQ(unknown.status.error().code, ErrorCode::kNotFound);
  const StepResult healthy = bench.step(OperatorRelease{"d0", "ann", "x"});
  EXPECT_EQ(healthy.status.error().code, ErrorCode::kConflict);
  EXPECT_TRUE(healthy.actions.empty());
}

TEST(OperatorRules, WantsAReasonAndAName) {
  FleetBench bench;
  bench.condemn("d0");
  EXPECT_EQ(bench.step(OperatorRelease{"d0", "ann", ""}).status.error().code, ErrorCode::kInvalid);
  EXPECT_EQ(bench.step(OperatorRelease{"d0", "", "x"}).status.error().code, ErrorCode::kInvalid);
  EXPECT_EQ(bench.step(OperatorRelease{"d0", "ann", std::string(5000, 'x')}).status.error().code, ErrorCode::kInvalid);
  EXPECT_EQ(bench.state("d0"), DeviceState::kQuarantined);
}

TEST(OperatorRules, ReleaseLeadsToProbationUndrainsAndClearsTheRecord) {
  FleetBench bench;
  bench.condemn("d0");
  const StepResult result = bench.step(OperatorRelease{"d0", "ann", "board replaced"});
  ASSERT_TRUE(result.status.ok());
  const Decision* decision = decision_in(result.actions);
  ASSERT_NE(decision, nullptr);
  EXPECT_EQ(decision->kind, DecisionKind::kRelease);
  EXPECT_EQ(decision->actor, "ann");
  EXPECT_EQ(decision->incident_id, "inc-d0");
  EXPECT_EQ(decision->state_after, DeviceState::kProbation);
  EXPECT_EQ(bench.state("d0"), DeviceState::kProbation);
  EXPECT_EQ(bench.view("inc-d0").status, IncidentStatus::kClosed);
  EXPECT_EQ(bench.started().back().action, HookAction::kUndrain);
  // What was dealt with does not condemn again.
  Incident again = bench.incident("inc-d0", "d0", Verdict::kConfirmedUnit);
  again.updated = bench.now + 1s;
  bench.send_incident(again);
  EXPECT_EQ(bench.state("d0"), DeviceState::kProbation);
}

TEST(OperatorRules, ARelapseAfterReleaseIsQuarantinedAgain) {
  FleetBench bench;
  bench.condemn("d0");
  bench.step(OperatorRelease{"d0", "ann", "let us see"});
  bench.now += 1h;
  bench.send_incident(bench.incident("inc-new", "d0", Verdict::kConfirmedUnit, 1));
  EXPECT_EQ(bench.state("d0"), DeviceState::kQuarantined);
  EXPECT_EQ(bench.decisions(DecisionKind::kQuarantine).size(), 2u);
}

TEST(OperatorRules, RetiresFromQuarantineOnly) {
  FleetBench bench;
  bench.populate(2);
  EXPECT_EQ(bench.step(OperatorRetire{"d1", "ann", "old"}).status.error().code, ErrorCode::kConflict);
  bench.condemn("d0");
  ASSERT_TRUE(bench.step(OperatorRetire{"d0", "ann", "second return"}).status.ok());
  EXPECT_EQ(bench.state("d0"), DeviceState::kRetired);
  EXPECT_EQ(bench.decisions(DecisionKind::kRetire).size(), 1u);
  EXPECT_EQ(bench.step(OperatorRetire{"d0", "ann", "again"}).status.error().code, ErrorCode::kConflict);
}

TEST(OperatorRules, DecisionsAreNumberedWithoutGaps) {
  FleetBench bench;
  bench.populate(3);
  bench.condemn("d0");
  bench.step(OperatorRelease{"d0", "ann", "x"});
  bench.condemn("d1");
  uint64_t expected = 0;
  for (const Action& action : bench.all) {
    const auto* record = std::get_if<RecordDecision>(&action);
    if (record == nullptr) continue;
    EXPECT_EQ(record->decision.number, ++expected);
  }
  EXPECT_EQ(expected, 3u);
  EXPECT_EQ(bench.core.state().last_decision, 3u);
}

}  // namespace
}  // namespace assay::collector::test
