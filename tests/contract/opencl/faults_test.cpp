// SPDX-License-Identifier: Apache-2.0
// Faults planted on the OpenCL device: every shape is found there, and spoils the very words that it spoils in plain C++.
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <string>
#include <tuple>
#include <vector>

#include "common/model/observation.h"
#include "probes/backend/opencl/accelerator.h"
#include "tests/contract/opencl/opencl_device.h"
#include "tests/unit/device/plain_job.h"

namespace assay::probes::opencl {
namespace {

constexpr uint32_t kRuns = 4;
constexpr uint64_t kPoisonSeed = 99;
const std::vector<uint32_t> kSets = {4, 9};

struct Case {
  std::string_view probe;
  FaultShape shape;
  bool hits_state;
};

std::string case_name(const ::testing::TestParamInfo<Case>& info) {
  std::string name = std::string(info.param.probe) + "_" + std::string(to_string(info.param.shape)) + (info.param.hits_state ? "_state" : "");
  std::ranges::replace(name, '.', '_');
  return name;
}

std::vector<Case> all_cases() {
  std::vector<Case> cases;
  for (const std::string_view probe : {"int.mul.chain", "fma.fp64.chain", "copy.d2h"}) {
    for (const FaultShape shape : {FaultShape::kBitFlip, FaultShape::kMultiBit, FaultShape::kZero, FaultShape::kDroppedWrite, FaultShape::kStaleTile,
                                   FaultShape::kLanePeriodic, FaultShape::kSameMaskPair, FaultShape::kStuckAt, FaultShape::kBlindComparator, FaultShape::kNanInf}) {
      cases.push_back({probe, shape, false});
    }
    for (const FaultShape shape : {FaultShape::kBitFlip, FaultShape::kMultiBit, FaultShape::kZero}) cases.push_back({probe, shape, true});
  }
  return cases;
}

AssayInjection fault_of(const Case& it, const device::Program& program) {
  AssayInjection fault{};
  fault.shape = static_cast<uint32_t>(it.shape);
  fault.step = program.shape.steps - 2;   // never the first step: a stale tile there is that of the run before, which another launch may have done
  fault.hits_state = it.hits_state ? 1 : 0;
  fault.place = 0x0000'0005'0000'0013;
  fault.mask = it.shape == FaultShape::kMultiBit ? 0x8001'0000'0100'0004 : 0x10'0000;
  return fault;
}

using Record = std::tuple<uint32_t, uint32_t, uint32_t, uint64_t, uint64_t>;
Record key(const AssayRecord& record) { return {record.run, record.step, record.word, record.expected, record.actual}; }

std::vector<std::vector<uint64_t>> right_words(const device::Program& program) {
  return {device::outputs_of(program, kSets[0]), device::outputs_of(program, kSets[1])};
}

// The same launch in plain C++: unit 0 is hit in runs 1 and 2.
device::PlainJob plain(const device::Program& program, const AssayInjection& fault) {
  device::PlainJob job(program, kSets, kRuns);
  for (const std::vector<uint64_t>& words : right_words(program)) job.expected.insert(job.expected.end(), words.begin(), words.end());
  job.launch.injection = fault;
  job.launch.blind = fault.shape == ASSAY_SHAPE_BLIND_COMPARATOR ? 1 : 0;
  job.launch.poison_seed = kPoisonSeed;
  job.hits[0] = 0b0110;
  job.run();
  return job;
}

OpenclJob hit_job(const device::Program& program, const AssayInjection& fault, uint32_t units) {
  OpenclJob it(program, kSets, units, kRuns);
  it.job.injection = fault;
  it.job.hits = {0b0110};
  it.job.poison_seed = kPoisonSeed;
  return it;
}

class OpenclFaults : public ::testing::TestWithParam<Case> {};

TEST_P(OpenclFaults, AreFoundAndSpoilWhatTheySpoilInPlainCode) {
  ASSAY_NEEDS_OPENCL();
  const device::Program& program = *device::find_program(GetParam().probe);
  const AssayInjection fault = fault_of(GetParam(), program);
  const auto units = static_cast<uint32_t>(first_device()->device().units.size());
  const device::PlainJob reference = plain(program, fault);
  OpenclJob it = hit_job(program, fault, units);
  it.expect(right_words(program));
  const device::JobResult result = run_on_device(it.job);
  ASSERT_EQ(result.units.size(), units);
  const device::JobUnitResult& hit = result.units[0];
  ASSERT_EQ(hit.digests.size(), kRuns);
  for (uint32_t run = 0; run < kRuns; ++run) {
    EXPECT_EQ(to_hex(hit.digests[run]), to_hex(reference.digest(run))) << "run " << run;
    const bool spoilt = run == 1 || run == 2;
    // Runs 0 and 3 are healthy and have the sets of runs 2 and 1.
    EXPECT_EQ(hit.digests[run] != hit.digests[run % 2 == 0 ? 0 : 3], spoilt) << "run " << run;
  }
  EXPECT_EQ(hit.wrong, reference.unit.wrong);
  EXPECT_EQ(hit.wrong, GetParam().shape == FaultShape::kBlindComparator ? 0U : 2U);
  EXPECT_EQ(hit.not_executed, reference.unit.not_executed);
  EXPECT_EQ(hit.not_executed, GetParam().shape == FaultShape::kDroppedWrite ? 2U : 0U);
  for (uint32_t unit = 1; unit < units; ++unit) EXPECT_EQ(result.units[unit].wrong, 0U) << "unit " << unit << " was not hit";
  EXPECT_EQ(result.records.size() + result.records_lost, reference.record_count);
  if (result.records_lost == 0) {
    std::vector<Record> seen;
    std::vector<Record> wanted;
    for (const AssayRecord& record : result.records) {
      EXPECT_EQ(record.unit, 0U);
      EXPECT_EQ(record.reread, record.actual);
      seen.push_back(key(record));
    }
    for (uint32_t i = 0; i < reference.record_count; ++i) wanted.push_back(key(reference.records[i]));
    std::ranges::sort(seen);
    std::ranges::sort(wanted);
    EXPECT_EQ(seen, wanted);
  }
}

INSTANTIATE_TEST_SUITE_P(All, OpenclFaults, ::testing::ValuesIn(all_cases()), case_name);

TEST(OpenclControl, IsSeenByTheGoldenAloneOnTheUnitThatWasHit) {
  ASSAY_NEEDS_OPENCL();
  const device::Program& program = *device::find_program("int.mul.chain");
  const auto units = static_cast<uint32_t>(first_device()->device().units.size());
  AssayInjection fault = fault_of({"", FaultShape::kBitFlip, false}, program);
  fault.unit = units - 1;
  OpenclJob it = hit_job(program, fault, units);
  it.job.hits = {1};
  const OpenclJob healthy(program, kSets, 1, 2);
  const device::JobResult right = run_on_device(healthy.job);
  ASSERT_EQ(right.units.size(), 1U);
  for (uint32_t slot = 0; slot < 2; ++slot) it.golden(slot, right.units[0].digests[slot]);
  const device::JobResult result = run_on_device(it.job);
  ASSERT_EQ(result.units.size(), units);
  for (uint32_t unit = 0; unit < units; ++unit) EXPECT_EQ(result.units[unit].wrong, unit == fault.unit ? 1U : 0U) << unit;
}

// Both run in a process of their own, as the runner's slices do. A healthy run first: what ends it is the fault.
void run_fault(FaultShape shape, unsigned alarm_s) {
  const device::Program& program = *device::find_program("int.mul.chain");
  const OpenclJob healthy(program, kSets, 1, 1);
  if (run_on_device(healthy.job).units.empty()) ::_exit(3);
  ::alarm(alarm_s);
  const OpenclJob it = hit_job(program, fault_of({"", shape, false}, program), 1);
  run_on_device(it.job);
  ::_exit(0);
}

TEST(OpenclEndsDeathTest, AHangNeverComesBack) {
  ASSAY_NEEDS_OPENCL();
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(run_fault(FaultShape::kHang, 2), ::testing::KilledBySignal(SIGALRM), "");
}

TEST(OpenclEndsDeathTest, ACrashEndsTheProcessOnACpu) {
  ASSAY_NEEDS_OPENCL();
  if (!first_device()->device().architecture.ends_with("/cpu")) GTEST_SKIP() << "a store to nowhere ends kernels of CPUs; of this device nothing is promised";
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_DEATH(run_fault(FaultShape::kCrash, 60), "");
}

}  // namespace
}  // namespace assay::probes::opencl
