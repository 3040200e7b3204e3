// SPDX-License-Identifier: Apache-2.0
#include "collector/core/peer_comparison.h"

#include <gtest/gtest.h>

#include "tests/unit/collector_core/fleet_bench.h"

namespace assay::collector::test {
namespace {

const WorkKey kWork{"cohort", kQuorumProbe, 0, 2, 4};
const Digest kRight{1, 1};
const Digest kWrong{2, 2};

TEST(PeerComparison, NamesTheMinorityOnce) {
  PeerComparison peers;
  EXPECT_TRUE(peers.add(kWork, "a", "n1", kRight).empty());
  EXPECT_TRUE(peers.add(kWork, "b", "n2", kWrong).empty());
  EXPECT_EQ(peers.add(kWork, "c", "n3", kRight), std::vector<std::string>{"b"});
  EXPECT_TRUE(peers.add(kWork, "d", "n4", kRight).empty());
}

TEST(PeerComparison, WantsAMajorityFromTwoNodes) {
  PeerComparison peers;
  peers.add(kWork, "a", "n1", kRight);
  peers.add(kWork, "b", "n1", kRight);
  EXPECT_TRUE(peers.add(kWork, "c", "n3", kWrong).empty());
  EXPECT_EQ(peers.add(kWork, "d", "n2", kRight), std::vector<std::string>{"c"});
}

TEST(PeerComparison, SaysNothingWithoutAMajority) {
  PeerComparison peers;
  peers.add(kWork, "a", "n1", {1, 1});
  peers.add(kWork, "b", "n2", {2, 2});
  EXPECT_TRUE(peers.add(kWork, "c", "n3", {3, 3}).empty());
  EXPECT_TRUE(peers.add(kWork, "d", "n4", {1, 1}).empty());  // two of four is no majority
}

TEST(PeerComparison, ForgetsTheOldestWork) {
  PeerComparison peers;
  WorkKey key = kWork;
  for (uint32_t i = 0; i < PeerComparison::kKeys + 10; ++i) {
    key.first_set = i;
    peers.add(key, "a", "n1", kRight);
  }
  EXPECT_EQ(peers.size(), PeerComparison::kKeys);
}

TEST(PeersInCore, MinoritySuspectsAndNeverCondemns) {
  FleetBench bench;
  UnitResult odd = pass();
  odd.fold = wrong(5);
  bench.send_units("a", {pass()}, Synthetic::kNone, kQuorumProbe);
  bench.send_units("b", {odd}, Synthetic::kNone, kQuorumProbe);
  bench.send_units("c", {pass()}, Synthetic::kNone, kQuorumProbe);
  EXPECT_EQ(bench.state("b"), DeviceState::kSuspect);
  EXPECT_EQ(bench.state("a"), DeviceState::kInService);
  EXPECT_EQ(bench.decisions(DecisionKind::kSuspect).size(), 1u);

  Incident accused = bench.incident("inc-q", "b", Verdict::kConfirmedUnit);
  accused.probe = kQuorumProbe;
  accused.tier = GoldenTier::kT3Quorum;
  bench.send_incident(accused);
  EXPECT_EQ(bench.state("b"), DeviceState::kSuspect);
  EXPECT_TRUE(bench.decisions(DecisionKind::kQuarantine).empty());
  EXPECT_EQ(bench.decisions(DecisionKind::kRefuse).size(), 1u);
}

}  // namespace
}  // namespace assay::collector::test
