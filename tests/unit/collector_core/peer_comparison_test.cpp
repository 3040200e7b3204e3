// SPDX-License-Identifier: Apache-2.0
#include "collector/core/peer_comparison.h"

#include <gtest/gtest.h>

#include "tests/unit/collector_core/fleet_bench.h"

namespace assay::collector::test {
namespace {

const WorkKey kWork{"cohort", kQuorumProbe, 0, 2, 4};
const Digest kRight{1, 1};
const Digest kWrong{2, 2};

bool everyone(const std::string&) { return true; }

TEST(PeerComparison, NamesWhoDiffersFromFourInFiveOnce) {
  PeerComparison peers;
  EXPECT_TRUE(peers.add(kWork, "a", "n1", kRight, everyone).empty());
  EXPECT_TRUE(peers.add(kWork, "b", "n2", kWrong, everyone).empty());
  EXPECT_TRUE(peers.add(kWork, "c", "n3", kRight, everyone).empty());
  EXPECT_TRUE(peers.add(kWork, "d", "n4", kRight, everyone).empty()) << "three of four is no quorum";
  EXPECT_EQ(peers.add(kWork, "e", "n5", kRight, everyone), std::vector<std::string>{"b"});
  EXPECT_TRUE(peers.add(kWork, "f", "n6", kRight, everyone).empty());
}

TEST(PeerComparison, WantsItsQuorumFromThreeNodes) {
  PeerComparison peers;
  for (const char* id : {"a", "b", "c"}) peers.add(kWork, id, "n1", kRight, everyone);
  peers.add(kWork, "d", "n2", kRight, everyone);
  EXPECT_TRUE(peers.add(kWork, "e", "n9", kWrong, everyone).empty());
  EXPECT_EQ(peers.add(kWork, "f", "n3", kRight, everyone), std::vector<std::string>{"e"});
}

TEST(PeerComparison, SaysNothingWithoutAQuorum) {
  PeerComparison peers;
  const char* const ids[] = {"a", "b", "c", "d", "e", "f", "g", "h"};
  for (size_t i = 0; i < 8; ++i) {
    // Two in three agree, which is too few: the cohort itself may be mixed.
    EXPECT_TRUE(peers.add(kWork, ids[i], std::string("n") + ids[i], i % 3 == 1 ? kWrong : kRight, everyone).empty()) << i;
  }
}

TEST(PeerComparison, WhoIsUnderSuspicionDoesNotVoteAndMayBeNamed) {
  PeerComparison peers;
  const auto all_but_b = [](const std::string& id) { return id != "b" && id != "c"; };
  for (const char* id : {"a", "c", "d", "e"}) peers.add(kWork, id, std::string("n") + id, kRight, all_but_b);
  EXPECT_TRUE(peers.add(kWork, "b", "nb", kWrong, all_but_b).empty()) << "three votes";
  EXPECT_TRUE(peers.add(kWork, "f", "nf", kRight, all_but_b).empty()) << "four";
  EXPECT_EQ(peers.add(kWork, "g", "ng", kRight, all_but_b), std::vector<std::string>{"b"});
}

TEST(PeerComparison, ForgetsTheOldestWork) {
  PeerComparison peers;
  WorkKey key = kWork;
  for (uint32_t i = 0; i < PeerComparison::kKeys + 10; ++i) {
    key.first_set = i;
    peers.add(key, "a", "n1", kRight, everyone);
  }
  EXPECT_EQ(peers.size(), PeerComparison::kKeys);
}

// A replay as the agents report it: runs, a digest, and no word about right or wrong.
UnitResult unjudged(const UnitResult& unit) {
  UnitResult result = unit;
  result.outcome = Outcome::kInconclusive;
  result.reason = Inconclusive::kNoGolden;
  return result;
}

TEST(PeersInCore, MinoritySuspectsAndNeverCondemns) {
  FleetBench bench;
  UnitResult odd = pass();
  odd.fold = wrong(5);
  bench.send_units("b", {unjudged(odd)}, Synthetic::kNone, kQuorumProbe);
  for (const char* id : {"a", "c", "d", "e"}) bench.send_units(id, {unjudged(pass())}, Synthetic::kNone, kQuorumProbe);
  EXPECT_EQ(bench.state("b"), DeviceState::kSuspect);
  EXPECT_NE(bench.state("a"), DeviceState::kSuspect);
  EXPECT_EQ(bench.decisions(DecisionKind::kSuspect).size(), 1u);

  Incident accused = bench.incident("inc-q", "b", Verdict::kConfirmedUnit);
  accused.probe = kQuorumProbe;
  accused.tier = GoldenTier::kT3Quorum;
  bench.send_incident(accused);
  EXPECT_EQ(bench.state("b"), DeviceState::kSuspect);
  EXPECT_TRUE(bench.decisions(DecisionKind::kQuarantine).empty());
  EXPECT_EQ(bench.decisions(DecisionKind::kRefuse).size(), 1u);
}

TEST(PeersInCore, AProbeThatOnlyTheAgentsKnowIsComparedToo) {
  FleetBench bench;
  const ProbeRef replay{"user.lattice_step", 3};
  UnitResult odd = pass();
  odd.fold = wrong(5);
  for (const char* id : {"a", "c", "d"}) bench.send_units(id, {unjudged(pass())}, Synthetic::kNone, replay);
  bench.send_units("b", {unjudged(odd)}, Synthetic::kNone, replay);
  EXPECT_TRUE(bench.decisions(DecisionKind::kSuspect).empty()) << "three of four is no quorum";
  bench.send_units("e", {unjudged(pass())}, Synthetic::kNone, replay);
  EXPECT_EQ(bench.state("b"), DeviceState::kSuspect);
  bench.send_units("f", {unjudged(odd)}, Synthetic::kNone, {"user.lattice_step", 4});
  EXPECT_NE(bench.state("f"), DeviceState::kSuspect) << "another version is another computation";
}

}  // namespace
}  // namespace assay::collector::test
