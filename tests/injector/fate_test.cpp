// SPDX-License-Identifier: Apache-2.0
// The judge of the outside injector must be able to say "undetected": results that lie in every way it looks for.
#include "tests/injector/fate.h"

#include <functional>

#include <gtest/gtest.h>

namespace assay::injector {
namespace {

constexpr uint32_t kSets = 8;

probes::RunRequest request() {
  probes::RunRequest request;
  request.id = 7;
  request.probe = {"int.mul.chain", 1};
  request.variant = "scalar";
  request.cpus = {0, 1};
  request.work = {{1, 6}};
  request.set_count = 3;
  request.max_runs = 3;
  request.budget = std::chrono::seconds{1};
  for (uint64_t set = 0; set < kSets; ++set) request.goldens.push_back({set + 100, set + 200});
  return request;
}

probes::RunResult right_result() {
  probes::RunResult result;
  result.id = 7;
  result.variant = "scalar";
  probes::UnitRun unit;
  unit.result = {1, 6, 3, 3, 0, Outcome::kMatch, Inconclusive::kNone, {}, {}, {}};
  RunFold fold;
  for (uint32_t run = 0; run < 3; ++run) {
    const uint32_t set = operand_set_of_run(unit.result, run, kSets);
    unit.digests.push_back(request().goldens[set]);
    fold.add(set, request().goldens[set]);
  }
  unit.result.fold = fold.value();
  result.units.push_back(unit);
  return result;
}

Judgement judged(const probes::RunResult& result) { return judge(request(), kSets, {encode(result), false}); }

TEST(Fate, ARightMatchIsMasked) { EXPECT_EQ(judged(right_result()).fate, Fate::kMasked) << judged(right_result()).detail; }

TEST(Fate, EveryLieOfAMatchIsUndetected) {
  using Lie = std::function<void(probes::RunResult&)>;
  const std::vector<Lie> lies = {[](probes::RunResult& r) { r.id ^= 1; },
                                 [](probes::RunResult& r) { r.variant = "avx2"; },
                                 [](probes::RunResult& r) { r.synthetic = Synthetic::kControl; },
                                 [](probes::RunResult& r) { r.units[0].result.unit = 0; },
                                 [](probes::RunResult& r) { r.units[0].result.first_set ^= 1; },
                                 [](probes::RunResult& r) { r.units[0].result.runs = 2; },
                                 [](probes::RunResult& r) { r.units[0].result.fold.low ^= 1; },
                                 [](probes::RunResult& r) { r.units[0].digests[1].high ^= 4; },
                                 [](probes::RunResult& r) { r.units[0].digests.pop_back(); },
                                 [](probes::RunResult& r) { r.units.push_back(r.units[0]); }};
  for (size_t i = 0; i < lies.size(); ++i) {
    probes::RunResult result = right_result();
    lies[i](result);
    EXPECT_EQ(judged(result).fate, Fate::kUndetected) << "lie " << i;
    EXPECT_NE(judged(result).detail, "") << "lie " << i;
  }
}

TEST(Fate, TheOtherWaysToEnd) {
  EXPECT_EQ(judge(request(), kSets, {std::nullopt, true}).fate, Fate::kCrashed);
  EXPECT_EQ(judge(request(), kSets, {std::nullopt, false}).fate, Fate::kHung);
  EXPECT_EQ(judge(request(), kSets, {"R....", false}).fate, Fate::kNonsense);
  probes::RunResult wrong = right_result();
  wrong.units[0].result.outcome = Outcome::kMismatch;
  wrong.units[0].result.mismatches = 1;
  EXPECT_EQ(judged(wrong).fate, Fate::kMismatch);
  probes::RunResult unsure = right_result();
  unsure.units[0].result.outcome = Outcome::kInconclusive;
  unsure.units[0].result.reason = Inconclusive::kStopped;
  EXPECT_EQ(judged(unsure).fate, Fate::kInconclusive);
  EXPECT_EQ(judged(unsure).detail, "stopped");
}

}  // namespace
}  // namespace assay::injector
