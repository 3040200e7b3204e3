// SPDX-License-Identifier: Apache-2.0
#include "collector/core/peer_comparison.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/unit/collector_core/fleet_bench.h"

namespace assay::collector::test {
namespace {

const WorkKey kWork{"cohort", kQuorumProbe, 0, 2, 4, ""};
const Digest kRight{1, 1};
const Digest kWrong{2, 2};

bool everyone(const std::string&) { return true; }

const WallTime kNow = from_unix_ms(1'800'000'000'000);

// Of devices named after their nodes.
class Peers : public testing::Test {
 protected:
  PeerWord give(const std::string& id, const Digest& fold, Duration later = 0s) { return peers_.add(kWork, id, "n" + id, fold, kNow + later, may_vote_); }
  std::vector<std::string> named(const std::string& id, const Digest& fold, Duration later = 0s) { return give(id, fold, later).minority; }

  PeerComparison peers_;
  PeerComparison::MayVote may_vote_ = everyone;
};

TEST_F(Peers, NamesWhoDiffersFromFourInFiveOnce) {
  EXPECT_TRUE(named("a", kRight).empty());
  EXPECT_TRUE(named("b", kWrong).empty());
  EXPECT_TRUE(named("c", kRight).empty());
  EXPECT_TRUE(named("d", kRight).empty()) << "three of four is no quorum";
  EXPECT_EQ(named("e", kRight), std::vector<std::string>{"b"});
  EXPECT_TRUE(named("f", kRight).empty());
}

TEST_F(Peers, NamesADeviceAgainThatAgreedOrWasClearedInBetween) {
  for (const char* id : {"a", "c", "d", "e"}) give(id, kRight);
  EXPECT_EQ(named("b", kWrong), std::vector<std::string>{"b"});
  may_vote_ = [](const std::string& id) { return id != "b"; };  // suspect now
  give("f", kRight);
  EXPECT_TRUE(named("b", kWrong).empty()) << "it is known";
  may_vote_ = everyone;  // an operator cleared it
  EXPECT_EQ(named("b", kWrong), std::vector<std::string>{"b"});
  may_vote_ = [](const std::string& id) { return id != "b"; };
  EXPECT_TRUE(named("b", kRight).empty());
  EXPECT_EQ(named("b", kWrong), std::vector<std::string>{"b"}) << "it agreed before it differed again";
}

TEST_F(Peers, ComparesTheLatestHoweverManyThereAre) {
  for (size_t i = 0; i < 3 * PeerComparison::kDevicesPerKey; ++i) {
    EXPECT_TRUE(named(fmt::format("d{}", i), kRight, std::chrono::seconds{i}).empty());
  }
  EXPECT_EQ(named("late", kWrong, 1h), std::vector<std::string>{"late"});
}

TEST_F(Peers, CountsNoVotesOfLongAgo) {
  for (const char* id : {"a", "b", "c", "d"}) give(id, kRight);
  EXPECT_TRUE(named("e", kWrong, PeerComparison::kVoteAge + 1h).empty());
  for (const char* id : {"a", "b", "c"}) EXPECT_TRUE(named(id, kRight, PeerComparison::kVoteAge + 2h).empty());
  EXPECT_EQ(named("d", kRight, PeerComparison::kVoteAge + 2h), std::vector<std::string>{"e"});
}

// Broken silicon is wrong in its own way; nodes that agree on another digest run another build.
TEST_F(Peers, AccusesNobodyWhereSeveralNodesAgreeOnAnotherDigest) {
  for (int i = 0; i < 20; ++i) give(fmt::format("old{}", i), kRight);
  EXPECT_EQ(named("new1", kWrong), std::vector<std::string>{"new1"}) << "nothing tells the first from a broken one";
  const PeerWord second = give("new2", kWrong);
  EXPECT_TRUE(second.minority.empty());
  EXPECT_TRUE(second.two_camps);
  EXPECT_EQ(named("broken", Digest{7, 7}), std::vector<std::string>{"broken"}) << "beside them";
}

TEST(PeerComparison, ComparesTheSameBuildOnly) {
  PeerComparison peers;
  WorkKey other = kWork;
  other.variant = "build_2";
  for (const char* id : {"a", "b", "c", "d"}) peers.add(kWork, id, std::string("n") + id, kRight, kNow, everyone);
  EXPECT_TRUE(peers.add(other, "e", "ne", kWrong, kNow, everyone).minority.empty());
}

TEST(PeerComparison, WantsItsQuorumFromThreeNodes) {
  PeerComparison peers;
  for (const char* id : {"a", "b", "c"}) peers.add(kWork, id, "n1", kRight, kNow, everyone);
  peers.add(kWork, "d", "n2", kRight, kNow, everyone);
  EXPECT_TRUE(peers.add(kWork, "e", "n9", kWrong, kNow, everyone).minority.empty());
  EXPECT_EQ(peers.add(kWork, "f", "n3", kRight, kNow, everyone).minority, std::vector<std::string>{"e"});
}

TEST_F(Peers, SaysNothingWithoutAQuorum) {
  const char* const ids[] = {"a", "b", "c", "d", "e", "f", "g", "h"};
  for (size_t i = 0; i < 8; ++i) {
    // Two in three agree, which is too few: the cohort itself may be mixed.
    EXPECT_TRUE(named(ids[i], i % 3 == 1 ? kWrong : kRight).empty()) << i;
  }
}

TEST_F(Peers, WhoIsUnderSuspicionDoesNotVoteAndMayBeNamed) {
  may_vote_ = [](const std::string& id) { return id != "b" && id != "c"; };
  for (const char* id : {"a", "c", "d", "e"}) give(id, kRight);
  EXPECT_TRUE(named("b", kWrong).empty()) << "three votes";
  EXPECT_TRUE(named("f", kRight).empty()) << "four";
  EXPECT_EQ(named("g", kRight), std::vector<std::string>{"b"});
}

TEST(PeerComparison, ForgetsTheOldestWork) {
  PeerComparison peers;
  WorkKey key = kWork;
  for (uint32_t i = 0; i < PeerComparison::kKeys + 10; ++i) {
    key.first_set = i;
    peers.add(key, "a", "n1", kRight, kNow, everyone);
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

TEST(PeersInCore, AcceleratorsAreComparedUnderTheSameDriverOnly) {
  FleetBench bench;
  bench.device_kind = DeviceKind::kGpu;
  UnitResult odd = pass();
  odd.fold = wrong(5);
  const auto send = [&](const std::string& id, const UnitResult& unit, const std::string& driver) {
    Report out = bench.report(id);
    for (DeviceStatus& status : out.devices) status.device.firmware = driver;
    out.observations.push_back(observation(id, {unjudged(unit)}, Synthetic::kNone, kQuorumProbe));
    bench.send(std::move(out));
  };
  for (const char* id : {"a", "b", "c", "d", "e"}) send(id, pass(), "driver 3.1");
  send("f", odd, "driver 3.2");
  EXPECT_NE(bench.state("f"), DeviceState::kSuspect) << "another driver compiles another program";
  send("g", odd, "driver 3.1");
  EXPECT_EQ(bench.state("g"), DeviceState::kSuspect);
}

}  // namespace
}  // namespace assay::collector::test
