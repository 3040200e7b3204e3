// SPDX-License-Identifier: Apache-2.0
// The detection matrix: every probe in every variant against every shape of fault. From the plan of one trial to the judgement of what it
// gave, and the counts. Pure; run_matrix.h drives the runner.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/clock.h"
#include "common/model/device.h"
#include "common/model/probe_spec.h"
#include "common/model/rates.h"
#include "ctl/exit_code.h"
#include "ctl/runner_connection.h"
#include "probes/goldens/golden_set.h"
#include "probes/runner/protocol.h"

namespace assay::ctl {

// A row of the list of faults: a shape of the injector, or a way of planting one.
struct MatrixFault {
  // What finding it means.
  enum class Proof {
    kClean,        // nothing is planted: the run must match
    kDigest,       // the run must not be called a match when its digest is not the golden
    kOneInN,       // the same for each run of a slice of which about one in kOneIn is hit
    kHang,         // no answer: the runner is killed at its deadline
    kCrash,        // the runner dies
    kSecondCheck,  // the comparator is blinded: the digests that are reported must tell, as they tell the collector
  };
  std::string_view name;
  FaultShape shape = FaultShape::kNone;
  Proof proof = Proof::kDigest;
};
inline constexpr uint32_t kOneIn = 8;
inline constexpr uint32_t kRunsOfASlice = 16;   // of a kOneInN trial

// "clean", every shape of the enumeration (a new one is picked up), and "one_in_n".
std::vector<MatrixFault> matrix_faults();

// What the counts of one probe variant under one fault came to.
struct MatrixCell {
  ProbeRef probe;
  std::string variant;
  GoldenTier tier = GoldenTier::kT0Analytic;
  std::string fault;
  uint64_t planted = 0;    // trials that told something; for kOneInN the runs that were hit and changed
  uint64_t found = 0;
  uint64_t masked = 0;     // nothing changed: every digest is its golden
  uint64_t missed = 0;     // called a match, or not counted, though a digest is wrong; for "clean": accused though nothing was planted
  uint64_t unsure = 0;     // told nothing for another reason: stopped, no memory
  // Found among those that changed something (for "clean": that matched, among all).
  Counts rate() const { return {found, found + missed}; }
  void add(const MatrixCell& other);
};

// One trial. `number` counts within the cell; place, bits, step and operand set follow from the seed, the names and it. Even ones hit an output, odd
// ones the state of a chain where the shape can. The goldens are not filled in.
probes::RunRequest matrix_request(const MatrixFault& fault, const ProbeSpec& spec, std::string_view variant, const Device& device, uint32_t unit,
                                  uint64_t seed, uint64_t number);

// Adds what the answer to the request shows to the counts of its cell.
void judge_trial(const MatrixFault& fault, const probes::RunRequest& request, const RunnerAnswer& answer, uint32_t operand_sets, MatrixCell& cell);

struct MatrixReport {
  uint64_t seed = 0;
  uint32_t trials = 0;
  std::string device_id;
  std::string model;                     // of the device
  std::vector<uint32_t> units;           // that computed
  Duration took{};
  std::vector<MatrixCell> cells;         // by probe, variant, fault
  std::vector<ProbeRef> without_golden;  // nothing can be shown for these

  // kFinding when a probe of tier T0 or T1 missed anything; else kUnknown when a cell told nothing or a golden is missing; else kFine.
  ExitCode exit_code() const;
};

// Sums of the cells, in the order in which the names first occur: of one fault over all probes, or of one probe variant over all faults but "clean"
// and "blind_comparator", which prove something else.
std::vector<MatrixCell> sums_by_fault(const std::vector<MatrixCell>& cells);
std::vector<MatrixCell> sums_by_variant(const std::vector<MatrixCell>& cells);

}  // namespace assay::ctl
