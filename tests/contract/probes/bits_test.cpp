// SPDX-License-Identifier: Apache-2.0
// What every probe promises on healthy silicon: a golden for each operand set, and the same bits each time, in each variant,
// whatever the process around it has done to locale and floating-point modes.
#include <bit>
#include <cfenv>
#include <clocale>
#include <set>

#include "tests/contract/probes/contract.h"

namespace assay::test {
namespace {

using probes::RunRequest;
using probes::RunResult;
using std::chrono::milliseconds;

// Operand sets that are looked at: the ends and some between. With sanitizers one: they look for other mistakes.
std::vector<uint32_t> sampled_sets(const ProbeSpec& spec) {
  if (kSanitized) return {spec.operand_sets / 3};
  return {0, spec.operand_sets / 3, spec.operand_sets / 2 + 1, spec.operand_sets - 1};
}

TEST(Catalogue, HasProbesWithDistinctValidNames) {
  std::set<std::string> ids;
  for (const ProbeSpec& spec : probes::catalogue()) {
    EXPECT_TRUE(is_valid_probe_id(spec.ref.id)) << spec.ref.id;
    EXPECT_TRUE(ids.insert(spec.ref.id).second) << spec.ref.id << " twice";
    EXPECT_GE(spec.operand_sets, 256U) << spec.ref.id;
    EXPECT_TRUE(spec.weight >= 1 && spec.weight <= 16) << spec.ref.id;
    EXPECT_FALSE(spec.exercises.empty()) << spec.ref.id;
    const ProbeSpec* found = probes::find_probe(spec.ref.id);
    ASSERT_NE(found, nullptr) << spec.ref.id;
    EXPECT_EQ(found->ref, spec.ref);
  }
  EXPECT_FALSE(ids.empty());
}

TEST(Catalogue, EveryProbeHasAGoldenForEveryOperandSet) {
  for (const ProbeSpec& spec : probes::catalogue()) {
    const auto* table = goldens().find(spec.ref);
    ASSERT_NE(table, nullptr) << to_string(spec.ref);
    EXPECT_EQ(table->digests.size(), spec.operand_sets) << to_string(spec.ref);
    EXPECT_EQ(probes::hash_of(table->digests), table->hash) << to_string(spec.ref);
    const std::set<Digest> distinct(table->digests.begin(), table->digests.end());
    EXPECT_EQ(distinct.size(), table->digests.size()) << to_string(spec.ref) << ": operand sets that do not differ";
  }
}

TEST(Catalogue, EveryProbeHasAKernelAndEveryKernelAProbe) {
  for (const ProbeSpec& spec : probes::catalogue()) {
    if (!ASSAY_WITH_ZLIB && spec.family == "zlib") continue;  // it needs a library; MissingInstructions holds for it
    EXPECT_NE(probes::host::best_kernel(spec.ref.id), nullptr) << spec.ref.id;
  }
  for (const auto& entry : probes::host::kernels()) EXPECT_NE(probes::find_probe(entry.probe_id), nullptr) << entry.probe_id;
}

class EveryVariant : public testing::TestWithParam<Subject> {};

TEST_P(EveryVariant, GivesTheBitsOfTheGoldenTwice) {
  for (const uint32_t set : sampled_sets(*GetParam().spec)) {
    const RunRequest request = request_for(GetParam(), set, 1);
    const RunResult first = run(request);
    ASSERT_EQ(first.units[0].result.outcome, Outcome::kMatch) << "set " << set << ": " << to_string(first.units[0].result.reason) << " " << first.detail;
    EXPECT_EQ(first.variant, GetParam().variant);
    EXPECT_EQ(first.units[0].digests, run(request).units[0].digests);
  }
}

TEST_P(EveryVariant, DoesNotHearOfLocaleOrFloatingPointModes) {
  const bool comma = std::setlocale(LC_ALL, "de_DE.UTF-8") != nullptr;
  std::fesetround(FE_UPWARD);
#if defined(__x86_64__)
  const unsigned before = __builtin_ia32_stmxcsr();
  __builtin_ia32_ldmxcsr(before | 0x8040);  // flush to zero, subnormals are zero
#endif
  const RunResult result = run(request_for(GetParam(), 1, 1));
#if defined(__x86_64__)
  __builtin_ia32_ldmxcsr(before);
#endif
  std::fesetround(FE_TONEAREST);
  std::setlocale(LC_ALL, "C");
  EXPECT_EQ(result.units[0].result.outcome, Outcome::kMatch) << (comma ? "comma locale" : "no comma locale here") << " " << result.detail;
}

TEST_P(EveryVariant, EndsItsSliceInTime) {
  RunRequest request = request_for(GetParam(), 0, 1);
  request.max_runs = 0;
  request.set_count = 8;
  request.budget = milliseconds{30};
  const RunResult result = run(request);
  EXPECT_EQ(result.units[0].result.outcome == Outcome::kMatch || result.units[0].result.reason == Inconclusive::kStopped, true);
  EXPECT_LT(result.took, milliseconds{5000}) << "generous: other programs run here too";
}

TEST_P(EveryVariant, RefusesAVersionItIsNot) {
  RunRequest request = request_for(GetParam(), 0, 1);
  ++request.probe.version;
  EXPECT_EQ(run(request).units[0].result.reason, Inconclusive::kUnsupported);
}

INSTANTIATE_TEST_SUITE_P(Contract, EveryVariant, testing::ValuesIn(subjects()), test_name);

TEST(MissingInstructions, AreInconclusiveAndNeverAPass) {
#if defined(__x86_64__)
  const std::string foreign = "neon";
#else
  const std::string foreign = "avx512";
#endif
  for (const ProbeSpec& spec : probes::catalogue()) {
    const RunResult result = run(request_for({&spec, foreign}, 0, 1));
    EXPECT_EQ(result.units[0].result.outcome, Outcome::kInconclusive) << spec.ref.id;
    EXPECT_EQ(result.units[0].result.reason, Inconclusive::kUnsupported) << spec.ref.id;
    EXPECT_THAT(result.detail, testing::HasSubstr(foreign));
  }
}

TEST(ASingleCpu, IsNeverAPassOfAProbeBetweenCpus) {
  for (const auto& entry : probes::host::kernels()) {
    if (entry.cpus_needed < 2) continue;
    RunRequest request = request_for({probes::find_probe(entry.probe_id), std::string(to_string(entry.variant))}, 0, 1);
    request.cpus.resize(1);
    const RunResult result = run(request);
    EXPECT_EQ(result.units[0].result.outcome, Outcome::kInconclusive) << entry.probe_id;
    EXPECT_EQ(result.units[0].result.reason, Inconclusive::kUnsupported) << entry.probe_id;
    EXPECT_THAT(result.detail, testing::HasSubstr("between"));
  }
}

TEST(EveryCore, AgreesOnOneSetOfEveryProbe) {
  for (const Subject& subject : best_subjects()) {
    RunRequest request = request_for(subject, 5, 1);
    request.work.clear();
    for (uint32_t unit = 0; unit < request.cpus.size(); ++unit) request.work.push_back({unit, 5});
    for (const auto& unit : run(request).units) EXPECT_EQ(unit.result.outcome, Outcome::kMatch) << subject << " unit " << unit.result.unit;
  }
}

}  // namespace
}  // namespace assay::test
