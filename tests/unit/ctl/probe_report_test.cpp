// SPDX-License-Identifier: Apache-2.0
#include "ctl/probe_report.h"

#include <gtest/gtest.h>

#include "ctl/run_probe.h"
#include "probes/catalogue/catalogue.h"

namespace assay::ctl {
namespace {

constexpr Digest kRight{1, 2};
constexpr Digest kWrong{3, 4};

Device two_cores() {
  Device device;
  device.id = "cpu-here-0";
  device.units = {4, 6};
  return device;
}

probes::RunRequest request_for(size_t units) {
  probes::RunRequest request;
  request.probe = {"int.mul.chain", 1};
  request.cpus = two_cores().units;
  for (uint32_t unit = 0; unit < units; ++unit) request.work.push_back({unit, 0});
  request.goldens = {kRight, kRight};
  return request;
}

probes::UnitRun unit_run(uint32_t unit, Outcome outcome, Inconclusive reason, const std::vector<Digest>& digests) {
  probes::UnitRun run;
  run.result.unit = unit;
  run.result.runs = static_cast<uint32_t>(digests.size());
  run.result.outcome = outcome;
  run.result.reason = reason;
  for (const Digest& digest : digests) run.result.mismatches += digest == kRight ? 0 : 1;
  run.result.busy = std::chrono::milliseconds{500};
  run.digests = digests;
  return run;
}

ProbeReport report_of(std::vector<probes::UnitRun> runs, bool golden_ok = true) {
  RunnerAnswer answer;
  answer.result.emplace();
  answer.result->golden_rehash_ok = golden_ok;
  const size_t units = runs.size();
  answer.result->units = std::move(runs);
  return make_probe_report(request_for(units), answer, two_cores(), 2);
}

TEST(ProbeReport, OneWrongUnitMakesAMismatch) {
  const ProbeReport report = report_of({unit_run(0, Outcome::kMatch, Inconclusive::kNone, {kRight, kRight}),
                                        unit_run(1, Outcome::kMismatch, Inconclusive::kNone, {kRight, kWrong, kWrong})});
  EXPECT_EQ(report.outcome(), Outcome::kMismatch);
  EXPECT_EQ(exit_code_of(report.outcome()), ExitCode::kFinding);
  ASSERT_EQ(report.units[1].digests.size(), 2U);
  EXPECT_EQ(report.units[1].digests[1].runs, 2U);
  EXPECT_EQ(report.units[1].cpu, 6U);
}

TEST(ProbeReport, AUnitThatToldNothingIsNeverAPass) {
  const ProbeReport report = report_of({unit_run(0, Outcome::kMatch, Inconclusive::kNone, {kRight}),
                                        unit_run(1, Outcome::kInconclusive, Inconclusive::kUnsupported, {})});
  EXPECT_EQ(report.outcome(), Outcome::kInconclusive);
  EXPECT_EQ(exit_code_of(report.outcome()), ExitCode::kUnknown);
}

TEST(ProbeReport, ACorruptGoldenAccusesNobody) {
  EXPECT_EQ(report_of({unit_run(0, Outcome::kMismatch, Inconclusive::kNone, {kWrong})}, false).outcome(), Outcome::kInconclusive);
}

TEST(ProbeReport, WithoutAGoldenNothingIsAMatch) {
  probes::RunRequest request = request_for(1);
  request.goldens.clear();
  RunnerAnswer answer;
  answer.result.emplace();
  answer.result->units = {unit_run(0, Outcome::kMatch, Inconclusive::kNone, {kRight})};
  const ProbeReport report = make_probe_report(request, answer, two_cores(), 2);
  EXPECT_EQ(report.units[0].reason, Inconclusive::kNoGolden);
  EXPECT_EQ(report.outcome(), Outcome::kInconclusive);
}

TEST(ProbeReport, ADeadRunnerLeavesEveryUnitInconclusive) {
  const ProbeReport report = make_probe_report(request_for(2), {std::nullopt, Inconclusive::kCrash, "it ended by signal 11"}, two_cores(), 2);
  ASSERT_EQ(report.units.size(), 2U);
  EXPECT_EQ(report.units[1].reason, Inconclusive::kCrash);
  EXPECT_NE(probe_report_text(report, {}).find("inconclusive: crash"), std::string::npos);
  EXPECT_NE(probe_report_text(report, {}).find("it ended by signal 11"), std::string::npos);
}

TEST(ProbeReport, AMissingUnitIsNotExecuted) {
  RunnerAnswer answer;
  answer.result.emplace();
  answer.result->units = {unit_run(0, Outcome::kMatch, Inconclusive::kNone, {kRight})};
  EXPECT_EQ(make_probe_report(request_for(2), answer, two_cores(), 2).outcome(), Outcome::kInconclusive);
}

TEST(PlanRun, FillsTheRequestFromTheOptions) {
  RunProbeOptions options;
  options.set = 3;
  options.sets = 5;
  options.budget = "2s";
  const auto request = plan_run(options, probes::catalogue()[0], two_cores()).value();
  EXPECT_EQ(request.work.size(), 2U);
  EXPECT_EQ(request.work[1].first_set, 3U);
  EXPECT_EQ(request.max_runs, 5U);
  EXPECT_EQ(request.synthetic, Synthetic::kNone);
  EXPECT_TRUE(request.report_digests);
}

TEST(PlanRun, AnInjectionIsAlwaysADrill) {
  RunProbeOptions options;
  options.inject = "bit_flip";
  options.unit = 1;
  options.step = 7;
  options.mask = "0x10";
  const auto request = plan_run(options, probes::catalogue()[0], two_cores()).value();
  EXPECT_EQ(request.synthetic, Synthetic::kDrill);
  EXPECT_EQ(request.injection.unit, 1U);
  EXPECT_EQ(request.injection.step, 7U);
  EXPECT_EQ(request.injection.mask, 16U);
}

TEST(PlanRun, NamesTheOptionThatIsOutOfRange) {
  const ProbeSpec& spec = probes::catalogue()[0];
  const auto message = [&](auto change) {
    RunProbeOptions options;
    change(options);
    const auto request = plan_run(options, spec, two_cores());
    return request.ok() ? std::string("accepted") : request.error().message;
  };
  EXPECT_EQ(message([](RunProbeOptions& o) { o.unit = 2; }), "--unit 2: cpu-here-0 has units 0 to 1");
  EXPECT_NE(message([](RunProbeOptions& o) { o.set = 100000; }).find("operand sets 0 to"), std::string::npos);
  EXPECT_NE(message([](RunProbeOptions& o) { o.budget = "2min"; }).find("at most 60s"), std::string::npos);
  EXPECT_NE(message([](RunProbeOptions& o) { o.inject = "lightning"; }).find("not a fault shape"), std::string::npos);
  EXPECT_NE(message([](RunProbeOptions& o) { o.mask = "ff"; }).find("need --inject"), std::string::npos);
  EXPECT_NE(message([](RunProbeOptions& o) { o.inject = "bit_flip"; o.mask = "0"; }).find("--mask"), std::string::npos);
}

TEST(ProbeReport, UnitsThatVotedAreAMatchWithoutAGolden) {
  probes::RunRequest request = request_for(2);
  request.goldens.clear();
  request.probe = probes::find_probe("sfu.approx")->ref;
  RunnerAnswer answer;
  answer.result.emplace();
  for (uint32_t unit = 0; unit < 2; ++unit) answer.result->units.push_back(unit_run(unit, Outcome::kMatch, Inconclusive::kNone, {kRight}));
  EXPECT_EQ(make_probe_report(request, answer, two_cores(), 16).outcome(), Outcome::kInconclusive) << "two are no vote";
  answer.result->units.push_back(unit_run(2, Outcome::kMatch, Inconclusive::kNone, {kRight}));
  request.work.push_back({2, 0});
  EXPECT_EQ(make_probe_report(request, answer, two_cores(), 16).outcome(), Outcome::kMatch);
}

}  // namespace
}  // namespace assay::ctl
