// SPDX-License-Identifier: Apache-2.0
// Probes without a golden: units of a device that ran the same operand sets vote, and what was not compared does not pass.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "probes/backend/unit_vote.h"
#include "tests/unit/device_frame/fake_accelerator.h"

namespace assay::test {
namespace {

using probes::AgreedDigests;
using probes::RunRequest;
using probes::RunResult;
using probes::UnitBallot;
using testing::HasSubstr;

const Digest kOne{1, 1};
const Digest kTwo{2, 2};

UnitBallot ballot(std::initializer_list<std::pair<uint32_t, Digest>> runs) {
  UnitBallot made;
  uint32_t run = 0;
  for (const auto& [set, digest] : runs) made.add(run++, set, digest);
  return made;
}

AgreedDigests agreed(const std::vector<UnitBallot>& ballots) {
  std::vector<const UnitBallot*> all;
  for (const UnitBallot& one : ballots) all.push_back(&one);
  return probes::agree(all);
}

TEST(UnitVote, MostOfThreeOrMoreUnitsAgree) {
  EXPECT_EQ(agreed({ballot({{4, kOne}}), ballot({{4, kTwo}}), ballot({{4, kOne}})}), (AgreedDigests{{4, kOne}}));
  EXPECT_TRUE(agreed({ballot({{4, kOne}}), ballot({{4, kOne}})}).empty()) << "two units";
  EXPECT_TRUE(agreed({ballot({{4, kOne}}), ballot({{4, kTwo}}), ballot({{4, Digest{3, 3}}})}).empty()) << "three opinions";
  EXPECT_TRUE(agreed({ballot({{4, kOne}}), ballot({{4, kTwo}}), ballot({{4, kOne}}), ballot({{4, kTwo}})}).empty()) << "a tie";
}

TEST(UnitVote, SetsAreVotedOnApart) {
  EXPECT_EQ(agreed({ballot({{1, kOne}, {2, kTwo}}), ballot({{1, kOne}, {3, kTwo}}), ballot({{1, kOne}, {2, kTwo}}), ballot({{2, kTwo}})}),
            (AgreedDigests{{1, kOne}, {2, kTwo}}));
}

TEST(UnitVote, AUnitHasOneVoteItsFirst) {
  const UnitBallot restless = ballot({{4, kTwo}, {4, kOne}, {4, kTwo}, {4, kTwo}});
  EXPECT_EQ(restless.votes(), (AgreedDigests{{4, kTwo}}));
  EXPECT_EQ(restless.kinds().at({4, kTwo}).runs, 3U);
  EXPECT_EQ(restless.kinds().at({4, kOne}).first_run, 1U);
  EXPECT_EQ(agreed({restless, ballot({{4, kOne}}), ballot({{4, kOne}})}), (AgreedDigests{{4, kOne}}));
}

TEST(UnitVote, ABallotIsBounded) {
  UnitBallot wild;
  for (uint32_t run = 0; run < UnitBallot::kMostKinds; ++run) wild.add(run, 0, {run, 0});
  EXPECT_TRUE(wild.is_whole());
  wild.add(UnitBallot::kMostKinds, 0, {0, 1});
  EXPECT_FALSE(wild.is_whole());
  EXPECT_EQ(wild.kinds().size(), UnitBallot::kMostKinds);
}

// Five units and three runs each of the sets 5, 6, 7, without a golden.
RunRequest quorum_request() {
  RunRequest request = fake_request();
  request.probe = {std::string(kFakeQuorumProbe), 1};
  request.goldens.clear();
  request.golden_hash = {};
  request.work.clear();
  for (uint32_t unit = 0; unit < 5; ++unit) request.work.push_back({unit, 5});
  return request;
}

RunResult run(const RunRequest& request, FakeDefects defects = {}) {
  FakeAccelerator device(std::move(defects));
  FakeWords words;
  probes::device::DeviceFrameOptions options;
  options.allow_injection = true;
  const std::atomic<bool> never{false};
  return probes::device::DeviceFrame(device, words, options).run(request, never);
}

TEST(DeviceVote, UnitsThatAgreeMatchWithTheirDigests) {
  RunRequest request = quorum_request();
  request.report_digests = true;
  const RunResult result = run(request);
  ASSERT_EQ(result.units.size(), 5U);
  for (const auto& unit : result.units) {
    EXPECT_EQ(unit.result.outcome, Outcome::kMatch) << to_string(unit.result.reason) << " " << result.detail;
    EXPECT_EQ(unit.digests.size(), 3U) << "for whoever compares devices";
    EXPECT_EQ(unit.result.fold, result.units[0].result.fold);
  }
  EXPECT_EQ(result.detail, "");
  EXPECT_TRUE(probes::decode_result(probes::encode(result)).ok());
}

TEST(DeviceVote, TheUnitThatDiffersIsAMismatch) {
  const RunResult result = run(quorum_request(), {.wrong = [](uint32_t unit, uint32_t launch) { return unit == 4 && launch > 0; }});
  for (const auto& unit : result.units) EXPECT_EQ(unit.result.outcome, unit.result.unit == 4 ? Outcome::kMismatch : Outcome::kMatch) << unit.result.unit;
  const UnitResult& bad = result.units[4].result;
  EXPECT_EQ(bad.mismatches, 2U) << "the first launch was one run";
  ASSERT_EQ(bad.records.size(), 1U);
  EXPECT_EQ(bad.records[0].word_index, MismatchRecord::kWholeDigest);
  EXPECT_EQ(bad.records[0].operand_set, 6U);
  EXPECT_EQ(bad.records[0].expected, digest_of(fake_words(6)).low);
  EXPECT_TRUE(result.golden_rehash_ok) << "there is none";
  EXPECT_TRUE(probes::decode_result(probes::encode(result)).ok());
}

TEST(DeviceVote, NothingPassesThatWasNotCompared) {
  RunRequest two = quorum_request();
  two.work.resize(2);
  RunRequest apart = quorum_request();
  for (uint32_t unit = 0; unit < 5; ++unit) apart.work[unit].first_set = 5 + 3 * unit;
  RunRequest twice = two;
  twice.work.push_back(two.work[0]);
  for (const RunRequest& request : {two, apart, twice}) {
    const RunResult result = run(request);
    for (const auto& unit : result.units) {
      EXPECT_EQ(unit.result.outcome, Outcome::kInconclusive);
      EXPECT_EQ(unit.result.reason, Inconclusive::kNoGolden);
      EXPECT_EQ(unit.result.runs, 3U) << "its digests are compared at the collector";
      EXPECT_NE(unit.result.fold, Digest{});
    }
    EXPECT_THAT(result.detail, HasSubstr("sfu.approx/1: no golden (tier T3)"));
    EXPECT_TRUE(probes::decode_result(probes::encode(result)).ok());
  }
}

TEST(DeviceVote, ATieAccusesNobody) {
  RunRequest request = quorum_request();
  request.work.resize(4);
  for (const auto& unit : run(request, {.wrong = [](uint32_t unit, uint32_t) { return unit < 2; }}).units) {
    EXPECT_EQ(unit.result.reason, Inconclusive::kNoGolden);
  }
}

TEST(DeviceVote, APlantedFaultIsFoundAndABlindComparatorSeesNothing) {
  RunRequest request = quorum_request();
  request.synthetic = Synthetic::kDrill;
  request.injection.unit = 2;
  request.injection.seed = 12;
  request.injection.shape = FaultShape::kBitFlip;
  for (const auto& unit : run(request).units) EXPECT_EQ(unit.result.outcome, unit.result.unit == 2 ? Outcome::kMismatch : Outcome::kMatch);
  request.injection.shape = FaultShape::kBlindComparator;
  const RunResult blinded = run(request);
  for (const auto& unit : blinded.units) EXPECT_EQ(unit.result.outcome, Outcome::kMatch) << unit.result.unit;
  EXPECT_NE(blinded.units[2].result.fold, blinded.units[0].result.fold) << "the collector sees it";
}

TEST(DeviceVote, AProbeThatHasGoldensIsNotVotedOn) {
  RunRequest request = quorum_request();
  request.probe = probes::find_probe(kFakeProbe)->ref;
  for (const auto& unit : run(request).units) EXPECT_EQ(unit.result.reason, Inconclusive::kNoGolden) << "they are missing";
}

}  // namespace
}  // namespace assay::test
