// SPDX-License-Identifier: Apache-2.0
#include "ctl/fault_matrix.h"

#include <algorithm>

#include <fmt/format.h>

#include "common/base/random.h"

namespace assay::ctl {
namespace {

using Proof = MatrixFault::Proof;

constexpr std::string_view kClean = "clean";
constexpr std::string_view kOneInNName = "one_in_n";

Proof proof_of(FaultShape shape) {
  switch (shape) {
    case FaultShape::kNone: return Proof::kClean;
    case FaultShape::kHang: return Proof::kHang;
    case FaultShape::kCrash: return Proof::kCrash;
    case FaultShape::kBlindComparator: return Proof::kSecondCheck;
    default: return Proof::kDigest;
  }
}

// How many of the digests that came back are not the golden of their operand set.
uint32_t wrong_digests(const probes::RunRequest& request, const probes::UnitRun& unit, uint32_t operand_sets) {
  uint32_t wrong = 0;
  for (uint32_t run = 0; run < unit.digests.size(); ++run) {
    const uint32_t set = operand_set_of_run(unit.result, run, operand_sets);
    if (set >= request.goldens.size() || unit.digests[run] != request.goldens[set]) ++wrong;
  }
  return wrong;
}

// The same question put to the fold, which is all that a collector sees.
bool fold_is_golden(const probes::RunRequest& request, const UnitResult& result, uint32_t operand_sets) {
  RunFold fold;
  for (uint32_t run = 0; run < result.runs; ++run) {
    const uint32_t set = operand_set_of_run(result, run, operand_sets);
    if (set >= request.goldens.size()) return false;
    fold.add(set, request.goldens[set]);
  }
  return fold.value() == result.fold;
}

void judge_death(const MatrixFault& fault, const RunnerAnswer& answer, MatrixCell& cell) {
  const Inconclusive wanted = fault.proof == Proof::kHang ? Inconclusive::kHang : Inconclusive::kCrash;
  ++cell.planted;
  if (!answer.result && answer.reason == wanted) {
    ++cell.found;
  } else {
    ++cell.missed;
  }
}

void judge_slice(const probes::UnitRun& unit, uint32_t wrong, MatrixCell& cell) {
  const uint32_t runs = unit.result.runs;
  if (unit.digests.size() != runs || runs == 0) {
    ++cell.unsure;
    return;
  }
  // The injector alone knows which runs it spared: those that came out right are no trials.
  const uint32_t hit = std::max(unit.result.mismatches, wrong);
  const uint32_t found = std::min(unit.result.mismatches, wrong);
  cell.planted += hit;
  cell.found += found;
  cell.missed += hit - found;
}

}  // namespace

std::vector<MatrixFault> matrix_faults() {
  std::vector<MatrixFault> faults = {{kClean, FaultShape::kNone, Proof::kClean}};
  for (uint8_t i = 1; i <= static_cast<uint8_t>(kLastFaultShape); ++i) {
    const auto shape = static_cast<FaultShape>(i);
    faults.push_back({to_string(shape), shape, proof_of(shape)});
  }
  faults.push_back({kOneInNName, FaultShape::kBitFlip, Proof::kOneInN});
  return faults;
}

void MatrixCell::add(const MatrixCell& other) {
  planted += other.planted;
  found += other.found;
  masked += other.masked;
  missed += other.missed;
  unsure += other.unsure;
}

probes::RunRequest matrix_request(const MatrixFault& fault, const ProbeSpec& spec, std::string_view variant, const Device& device, uint32_t unit,
                                  uint64_t seed, uint64_t number) {
  Random random(seed_from(fmt::format("matrix {} {} {} {}", seed, to_string(spec.ref), variant, fault.name), number));
  probes::RunRequest request;
  request.id = random.next();
  request.probe = spec.ref;
  request.variant = variant;
  request.cpus = device.units;
  request.work = {{unit, static_cast<uint32_t>(random.below(spec.operand_sets))}};
  request.max_runs = fault.proof == Proof::kOneInN ? kRunsOfASlice : 1;
  request.set_count = request.max_runs;
  request.budget = std::chrono::seconds{30};
  request.report_digests = true;
  if (fault.proof == Proof::kClean) return request;
  request.synthetic = Synthetic::kDrill;
  request.injection.shape = fault.shape;
  request.injection.unit = unit;
  request.injection.step = static_cast<uint32_t>(random.below(uint64_t{1} << 31));
  request.injection.probability = fault.proof == Proof::kOneInN ? 1.0 / kOneIn : 1.0;
  request.injection.seed = random.next() / 2 * 2 + number % 2;
  return request;
}

void judge_trial(const MatrixFault& fault, const probes::RunRequest& request, const RunnerAnswer& answer, uint32_t operand_sets, MatrixCell& cell) {
  if (fault.proof == Proof::kHang || fault.proof == Proof::kCrash) return judge_death(fault, answer, cell);
  if (!answer.result || answer.result->units.size() != 1 || answer.result->id != request.id) {
    ++cell.unsure;
    return;
  }
  const probes::UnitRun& unit = answer.result->units.front();
  const uint32_t wrong = wrong_digests(request, unit, operand_sets);
  if (fault.proof == Proof::kOneInN) return judge_slice(unit, wrong, cell);
  const Outcome outcome = unit.result.outcome;
  const bool not_executed = outcome == Outcome::kInconclusive && unit.result.reason == Inconclusive::kNotExecuted;
  if (outcome == Outcome::kInconclusive && !not_executed) {
    ++cell.unsure;
    return;
  }
  ++cell.planted;
  const bool right = outcome == Outcome::kMatch && wrong == 0 && !unit.digests.empty() && fold_is_golden(request, unit.result, operand_sets);
  if (fault.proof == Proof::kClean) {
    ++(right ? cell.found : cell.missed);
  } else if (fault.proof == Proof::kSecondCheck) {
    const bool digests_tell = wrong > 0 && !fold_is_golden(request, unit.result, operand_sets);
    ++(outcome == Outcome::kMatch && digests_tell ? cell.found : cell.missed);
  } else if (right) {
    ++cell.masked;
  } else {
    ++(outcome == Outcome::kMatch ? cell.missed : cell.found);
  }
}

ExitCode MatrixReport::exit_code() const {
  const auto missed = [](const MatrixCell& cell) { return cell.missed > 0 && cell.tier <= GoldenTier::kT1Emulated; };
  if (std::any_of(cells.begin(), cells.end(), missed)) return ExitCode::kFinding;
  // A few slices of which one run in so many is hit may be spared altogether.
  const auto silent = [](const MatrixCell& cell) { return cell.planted == 0 && (cell.fault != kOneInNName || cell.unsure > 0); };
  if (cells.empty() || !without_golden.empty() || std::any_of(cells.begin(), cells.end(), silent)) return ExitCode::kUnknown;
  return ExitCode::kFine;
}

std::vector<MatrixCell> sums_by_fault(const std::vector<MatrixCell>& cells) {
  std::vector<MatrixCell> sums;
  for (const MatrixCell& cell : cells) {
    auto sum = std::find_if(sums.begin(), sums.end(), [&](const MatrixCell& one) { return one.fault == cell.fault; });
    if (sum == sums.end()) sum = sums.insert(sums.end(), MatrixCell{{}, "", cell.tier, cell.fault});
    sum->add(cell);
  }
  return sums;
}

std::vector<MatrixCell> sums_by_variant(const std::vector<MatrixCell>& cells) {
  std::vector<MatrixCell> sums;
  for (const MatrixCell& cell : cells) {
    auto sum = std::find_if(sums.begin(), sums.end(), [&](const MatrixCell& one) { return one.probe == cell.probe && one.variant == cell.variant; });
    if (sum == sums.end()) sum = sums.insert(sums.end(), MatrixCell{cell.probe, cell.variant, cell.tier, ""});
    const bool proves_detection = cell.fault != kClean && cell.fault != to_string(FaultShape::kBlindComparator);
    if (proves_detection) sum->add(cell);
  }
  return sums;
}

}  // namespace assay::ctl
