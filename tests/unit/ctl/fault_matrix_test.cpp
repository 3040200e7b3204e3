// SPDX-License-Identifier: Apache-2.0
#include "ctl/fault_matrix.h"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ctl/progress_bar.h"
#include "probes/catalogue/catalogue.h"
#include "tests/unit/ctl/fake_shell.h"

namespace assay::ctl::test {
namespace {

using Proof = MatrixFault::Proof;
using probes::RunRequest;
using probes::RunResult;

constexpr uint32_t kSets = 8;
const ProbeSpec& spec() { return *probes::find_probe("int.mul.chain"); }

MatrixFault fault_named(std::string_view name) {
  const auto all = matrix_faults();
  return *std::find_if(all.begin(), all.end(), [&](const MatrixFault& fault) { return fault.name == name; });
}

RunRequest request_with_goldens(const MatrixFault& fault) {
  Device device;
  device.units = {3, 5};
  RunRequest request = matrix_request(fault, spec(), "scalar", device, 1, 1, 0);
  request.work[0].first_set %= kSets;
  for (uint64_t set = 0; set < kSets; ++set) request.goldens.push_back({set, ~set});
  return request;
}

// What an honest runner answers when the runs in `hit` (by number) came out wrong and were seen.
RunnerAnswer honest(const RunRequest& request, const std::vector<uint32_t>& hit) {
  RunResult result;
  result.id = request.id;
  probes::UnitRun unit;
  unit.result = {1, request.work[0].first_set, request.set_count, request.max_runs, static_cast<uint32_t>(hit.size()), Outcome::kMatch,
                 Inconclusive::kNone, {}, {}, {}};
  if (!hit.empty()) unit.result.outcome = Outcome::kMismatch;
  RunFold fold;
  for (uint32_t run = 0; run < request.max_runs; ++run) {
    const uint32_t set = operand_set_of_run(unit.result, run, kSets);
    Digest digest = request.goldens[set];
    if (std::find(hit.begin(), hit.end(), run) != hit.end()) digest.low ^= 1;
    unit.digests.push_back(digest);
    fold.add(set, digest);
  }
  unit.result.fold = fold.value();
  result.units.push_back(unit);
  return {result, Inconclusive::kNone, ""};
}

MatrixCell judged(const char* name, const std::function<void(RunnerAnswer&)>& change, const std::vector<uint32_t>& hit = {0}) {
  const MatrixFault fault = fault_named(name);
  const RunRequest request = request_with_goldens(fault);
  RunnerAnswer answer = honest(request, hit);
  change(answer);
  MatrixCell cell;
  judge_trial(fault, request, answer, kSets, cell);
  return cell;
}

UnitResult& unit_of(RunnerAnswer& answer) { return answer.result->units[0].result; }
constexpr auto kAsItIs = [](RunnerAnswer&) {};
constexpr auto kSaysMatch = [](RunnerAnswer& answer) {
  unit_of(answer).outcome = Outcome::kMatch;
  unit_of(answer).mismatches = 0;
};

TEST(FaultMatrix, HoldsEveryShapeOfTheEnumeration) {
  std::vector<std::string_view> names;
  for (const MatrixFault& fault : matrix_faults()) names.push_back(fault.name);
  EXPECT_EQ(names.size(), static_cast<size_t>(kLastFaultShape) + 2);
  EXPECT_THAT(names, testing::IsSupersetOf({"clean", "bit_flip", "stuck_at", "nan_inf", "hang", "crash", "one_in_n"}));
}

TEST(FaultMatrix, ARequestFollowsFromItsSeedAlone) {
  Device device;
  device.units = {3, 5};
  const MatrixFault fault = fault_named("bit_flip");
  const auto of = [&](uint64_t seed, uint64_t number) { return matrix_request(fault, spec(), "scalar", device, 0, seed, number); };
  EXPECT_EQ(encode(of(1, 0)), encode(of(1, 0)));
  EXPECT_NE(encode(of(1, 0)), encode(of(2, 0)));
  EXPECT_NE(of(1, 0).injection.seed, of(1, 2).injection.seed);
  EXPECT_EQ(of(1, 0).injection.seed % 2, 0U) << "an output";
  EXPECT_EQ(of(1, 1).injection.seed % 2, 1U) << "the state of a chain";
  EXPECT_EQ(of(1, 0).synthetic, Synthetic::kDrill);
  EXPECT_EQ(matrix_request(fault_named("clean"), spec(), "scalar", device, 0, 1, 0).synthetic, Synthetic::kNone);
}

TEST(FaultMatrix, AMismatchOrAnUnwrittenWordIsFound) {
  EXPECT_EQ(judged("bit_flip", kAsItIs).found, 1U);
  const auto unwritten = judged("dropped_write", [](RunnerAnswer& answer) {
    unit_of(answer).outcome = Outcome::kInconclusive;
    unit_of(answer).reason = Inconclusive::kNotExecuted;
  });
  EXPECT_EQ(unwritten.found, 1U);
}

TEST(FaultMatrix, AMatchOfAWrongDigestIsMissedAndOfARightOneMasked) {
  EXPECT_EQ(judged("bit_flip", kSaysMatch).missed, 1U);
  EXPECT_EQ(judged("bit_flip", kAsItIs, {}).masked, 1U);
  const auto wrong_fold = judged("bit_flip", [](RunnerAnswer& answer) { unit_of(answer).fold.high ^= 1; }, {});
  EXPECT_EQ(wrong_fold.missed, 1U);
  const auto no_digest = judged("bit_flip", [](RunnerAnswer& answer) { answer.result->units[0].digests.clear(); }, {});
  EXPECT_EQ(no_digest.missed, 1U);
}

TEST(FaultMatrix, WhatToldNothingIsNeitherFoundNorMissed) {
  const auto stopped = judged("bit_flip", [](RunnerAnswer& answer) {
    unit_of(answer).outcome = Outcome::kInconclusive;
    unit_of(answer).reason = Inconclusive::kStopped;
  });
  EXPECT_EQ(stopped.unsure, 1U);
  EXPECT_EQ(stopped.planted, 0U);
  EXPECT_EQ(judged("bit_flip", [](RunnerAnswer& answer) { answer.result.reset(); }).unsure, 1U);
}

TEST(FaultMatrix, ACleanRunMustMatch) {
  EXPECT_EQ(judged("clean", kAsItIs, {}).found, 1U);
  EXPECT_EQ(judged("clean", kAsItIs, {0}).missed, 1U) << "a false alarm, or a bad golden";
}

TEST(FaultMatrix, DeathsMustBeOfTheKindThatWasPlanted) {
  const auto died = [](Inconclusive reason) {
    return [reason](RunnerAnswer& answer) { answer = {std::nullopt, reason, ""}; };
  };
  EXPECT_EQ(judged("hang", died(Inconclusive::kHang)).found, 1U);
  EXPECT_EQ(judged("hang", died(Inconclusive::kCrash)).missed, 1U);
  EXPECT_EQ(judged("hang", kAsItIs, {}).missed, 1U);
  EXPECT_EQ(judged("crash", died(Inconclusive::kCrash)).found, 1U);
}

TEST(FaultMatrix, ABlindComparatorIsFoundByTheDigestsAlone) {
  EXPECT_EQ(judged("blind_comparator", kSaysMatch).found, 1U);
  EXPECT_EQ(judged("blind_comparator", kAsItIs, {}).missed, 1U);
}

TEST(FaultMatrix, OneInNCountsRuns) {
  const auto all = judged("one_in_n", kAsItIs, {2, 7});
  EXPECT_EQ(all.planted, 2U);
  EXPECT_EQ(all.found, 2U);
  EXPECT_EQ(all.masked, 0U);
  const auto one_short = judged("one_in_n", [](RunnerAnswer& answer) { unit_of(answer).mismatches = 1; }, {2, 7});
  EXPECT_EQ(one_short.found, 1U);
  EXPECT_EQ(one_short.missed, 1U);
}

TEST(FaultMatrix, TheExitCodeSaysWhetherAnythingWasMissed) {
  MatrixReport report;
  EXPECT_EQ(report.exit_code(), ExitCode::kUnknown);
  report.cells = {{spec().ref, "scalar", GoldenTier::kT0Analytic, "zero", 5, 5, 0, 0, 0}};
  EXPECT_EQ(report.exit_code(), ExitCode::kFine);
  report.cells.push_back({spec().ref, "avx2", GoldenTier::kT0Analytic, "zero", 0, 0, 0, 0, 5});
  EXPECT_EQ(report.exit_code(), ExitCode::kUnknown);
  report.cells.push_back({spec().ref, "avx512", GoldenTier::kT0Analytic, "zero", 5, 4, 0, 1, 0});
  EXPECT_EQ(report.exit_code(), ExitCode::kFinding);
  const auto sums = sums_by_fault(report.cells);
  ASSERT_EQ(sums.size(), 1U);
  EXPECT_EQ(sums[0].found, 9U);
  EXPECT_EQ(sums_by_variant(report.cells).size(), 3U);
}

TEST(ProgressBar, SaysHowFarAndHowLong) {
  EXPECT_EQ(progress_line(0.5, std::chrono::seconds{12}, "x y"), "[##########..........]  50 %  about 12 s left  x y");
  EXPECT_EQ(progress_line(0, {}, "x"), "[....................]   0 %  x");
  EXPECT_LE(progress_line(1, {}, std::string(200, 'x')).size(), 79U);
  FakeShell shell;
  { ProgressBar silent(shell.console, shell.clock, 3); silent.advance("x"); }
  EXPECT_EQ(shell.console.said, "") << "no terminal, no bar";
}

}  // namespace
}  // namespace assay::ctl::test
