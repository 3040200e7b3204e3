// SPDX-License-Identifier: Apache-2.0
#include "collector/narration.h"

#include <gtest/gtest.h>

namespace assay::collector {
namespace {

Decision quarantine() {
  Decision decision;
  decision.number = 4;
  decision.kind = DecisionKind::kQuarantine;
  decision.actor = "policy";
  decision.node = "node-1";
  decision.device_id = "cpu-node-1-s0";
  decision.incident_id = "inc-1";
  decision.reason = "confirmed_unit: gemm.fp64.grid/1 operand set 17 on unit 1";
  return decision;
}

TEST(Narration, TellsADecisionOnceWithItsEvidenceAndItsHook) {
  Incident incident;
  incident.id = "inc-1";
  incident.steps.push_back({Rung::kSameUnit, {}, "", 1, 10, 10, Inconclusive::kNone, {}});
  incident.steps.push_back({Rung::kOtherUnits, {}, "", 2, 30, 0, Inconclusive::kNone, {}});
  HookRecord hook;
  hook.decision = 4;
  const Decision decision = quarantine();
  const std::vector<Action> actions = {SaveIncident{incident, {}}, NoteEvent{{}, {"quarantine", "node-1", "cpu-node-1-s0", "inc-1", false, decision.reason}},
                                       RecordDecision{decision}, StartHook{hook}};
  const auto lines = narrate(actions);
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_EQ(lines[0].level, log::Level::kWarning);
  EXPECT_EQ(lines[0].text,
            "quarantined node-1 cpu-node-1-s0: confirmed_unit: gemm.fp64.grid/1 operand set 17 on unit 1, 10 of 10 retests wrong; drain hook started (decision 4)");
}

TEST(Narration, SaysWhenNothingWillBeDrainedAndMarksDrills) {
  Decision decision = quarantine();
  decision.synthetic = true;
  const auto lines = narrate({RecordDecision{decision}});
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_EQ(lines[0].level, log::Level::kNotice);
  EXPECT_EQ(lines[0].text.substr(0, 8), "[drill] ");
  EXPECT_NE(lines[0].text.find("no drain hook is configured"), std::string::npos);
}

TEST(Narration, NamesTheOperator) {
  Decision decision = quarantine();
  decision.kind = DecisionKind::kRelease;
  decision.actor = "ann";
  decision.reason = "new board";
  EXPECT_EQ(narrate({RecordDecision{decision}})[0].text, "released node-1 cpu-node-1-s0: new board (decision 4 by ann)");
}

TEST(Narration, TellsOtherEventsAndIgnoresBookkeeping) {
  const auto lines = narrate({NoteEvent{{}, {"node_silent", "node-2", "", "", false, "no report for 2.0 min"}}, AddRollup{}});
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_EQ(lines[0].text, "node_silent node-2: no report for 2.0 min");
}

}  // namespace
}  // namespace assay::collector
