// SPDX-License-Identifier: Apache-2.0
#include "ctl/run_matrix.h"

#include <unistd.h>

#include <algorithm>
#include <numeric>

#include <fmt/format.h>

#include "ctl/fault_matrix.h"
#include "ctl/matrix_report.h"
#include "ctl/progress_bar.h"
#include "ctl/runner_session.h"
#include "golden_key.h"
#include "probes/catalogue/catalogue.h"

namespace assay::ctl {
namespace {

using Proof = MatrixFault::Proof;

constexpr std::chrono::seconds kPatience{30};           // beyond the budget of a run that should answer
constexpr std::chrono::milliseconds kHangPatience{300}; // at least, for one that should not
constexpr std::chrono::milliseconds kHangPatienceMax{1000};
constexpr int kHangFactor = 4;                          // between them, so many times what the slowest answer took
constexpr int kTurns = 3;                               // for a trial that told nothing
constexpr uint32_t kTrialsPerDeath = 5;

struct Subject {
  const ProbeSpec* spec = nullptr;
  std::string variant;
  const probes::GoldenTable* goldens = nullptr;
};

// The runner of many trials; a new one after each death.
class TrialRunner {
 public:
  explicit TrialRunner(std::filesystem::path runner) : runner_(std::move(runner)) {}

  // Waits `patience` from now.
  Result<RunnerAnswer> ask(const probes::RunRequest& request, Duration patience) {
    if (!connection_) connection_.emplace(TRY(RunnerConnection::start(runner_, {"--allow-injection", "--priority", "normal"}, -1)));
    auto answer = connection_->ask(request, BootClock::now() + patience);
    if (!answer || !answer->result) connection_.reset();
    return answer;
  }

 private:
  std::filesystem::path runner_;
  std::optional<RunnerConnection> connection_;
};

class Matrix {
 public:
  Matrix(TrialRunner& runner, const MatrixOptions& options, const Device& device, std::vector<uint32_t> units)
      : runner_(runner), options_(options), device_(device), units_(std::move(units)) {}

  uint32_t trials_of(const MatrixFault& fault) const {
    const bool dies = fault.proof == Proof::kHang || fault.proof == Proof::kCrash;
    if (dies) return std::max(1U, options_.trials / kTrialsPerDeath);
    // A slice of runs of which one in kOneIn is hit holds about two hits.
    return fault.proof == Proof::kOneInN ? std::max(2U, options_.trials / (kRunsOfASlice / kOneIn)) : options_.trials;
  }

  Result<MatrixCell> fill(const Subject& subject, const MatrixFault& fault, ProgressBar& bar) {
    MatrixCell cell{subject.spec->ref, subject.variant, subject.spec->tier, std::string(fault.name)};
    for (uint32_t trial = 0; trial < trials_of(fault); ++trial) {
      bar.advance(fmt::format("{} {} {}", subject.spec->ref.id, subject.variant, fault.name));
      TRY(one_trial(subject, fault, trial, cell));
    }
    return cell;
  }

 private:
  Status one_trial(const Subject& subject, const MatrixFault& fault, uint32_t trial, MatrixCell& cell) {
    // Pairs of trials stay on one unit, so that each unit meets faults of outputs and of states.
    const uint32_t unit = units_[trial / 2 % units_.size()];
    probes::RunRequest request = matrix_request(fault, *subject.spec, subject.variant, device_, unit, options_.seed, trial);
    request.goldens = subject.goldens->digests;
    request.golden_hash = subject.goldens->hash;
    const uint64_t unsure = cell.unsure;
    for (int turn = 0; turn < kTurns; ++turn) {
      cell.unsure = unsure;
      const MonoTime start = BootClock::now();
      const RunnerAnswer answer = TRY(runner_.ask(request, patience_with(fault, request)));
      if (answer.result) longest_ = std::max<Duration>(longest_, BootClock::now() - start);
      judge_trial(fault, request, answer, subject.spec->operand_sets, cell);
      if (cell.unsure == unsure) break;
    }
    return {};
  }

  // A hang shows by silence well beyond anything seen so far.
  Duration patience_with(const MatrixFault& fault, const probes::RunRequest& request) const {
    if (fault.proof != Proof::kHang) return request.budget + kPatience;
    return std::clamp<Duration>(longest_ * kHangFactor, kHangPatience, kHangPatienceMax);
  }

  TrialRunner& runner_;
  const MatrixOptions& options_;
  const Device& device_;
  std::vector<uint32_t> units_;
  Duration longest_{std::chrono::milliseconds{20}};
};

Result<std::vector<Subject>> chosen_subjects(const RunnerInventory& inventory, const Device& device, const MatrixOptions& options,
                                             const probes::GoldenSet& goldens, MatrixReport& report) {
  std::vector<Subject> subjects;
  for (const probes::ProbeVariant& runnable : inventory.variants) {
    if (runnable.device != device.id || !runnable.runs()) continue;
    const ProbeSpec* spec = probes::find_probe(runnable.probe);
    if (spec == nullptr) {
      return make_error(ErrorCode::kUnsupported, fmt::format("the runner has {}, this assayctl does not: use those of one release", runnable.probe));
    }
    if (!options.probe.empty() && spec->ref.id != options.probe.substr(0, options.probe.find('/'))) continue;
    if (!options.variant.empty() && runnable.variant != options.variant) continue;
    if (!has_golden(spec->tier)) continue;  // one unit by itself has nothing to be held against
    const probes::GoldenTable* table = goldens.find(spec->ref);
    if (table != nullptr) {
      subjects.push_back({spec, runnable.variant, table});
    } else if (std::find(report.without_golden.begin(), report.without_golden.end(), spec->ref) == report.without_golden.end()) {
      report.without_golden.push_back(spec->ref);
    }
  }
  if (subjects.empty() && report.without_golden.empty()) {
    return make_error(ErrorCode::kNotFound, fmt::format("this machine runs no probe '{}' in variant '{}'; see assayctl probe list", options.probe, options.variant));
  }
  return subjects;
}

Result<std::vector<MatrixFault>> chosen_faults(const MatrixOptions& options) {
  std::vector<MatrixFault> faults = matrix_faults();
  if (options.fault.empty()) return faults;
  std::string known;
  for (const MatrixFault& fault : faults) known += fmt::format("{}{}", known.empty() ? "" : ", ", fault.name);
  std::erase_if(faults, [&](const MatrixFault& fault) { return fault.name != options.fault; });
  if (faults.empty()) return make_error(ErrorCode::kInvalid, fmt::format("--fault '{}': choose one of {}", options.fault, known));
  return faults;
}

Result<std::vector<uint32_t>> chosen_units(const MatrixOptions& options, const Device& device) {
  if (options.unit && *options.unit >= device.units.size()) {
    return make_error(ErrorCode::kInvalid, fmt::format("--unit {}: {} has units 0 to {}", *options.unit, device.id, device.units.size() - 1));
  }
  if (options.unit) return std::vector<uint32_t>{*options.unit};
  std::vector<uint32_t> all(device.units.size());
  std::iota(all.begin(), all.end(), 0U);
  return all;
}

}  // namespace

Result<ExitCode> run_matrix(Invocation& invocation, const MatrixOptions& options) {
  const auto faults = TRY(chosen_faults(options));
  const auto runner_path = TRY(find_runner(invocation.settings(), invocation.shell().program));
  const RunnerSession session(runner_path);
  const RunnerInventory inventory = TRY(session.inventory(Backends::kHost));
  if (inventory.variants.empty()) {
    return make_error(ErrorCode::kUnavailable, fmt::format("{} --discover told of no probe that it can run", runner_path.string()));
  }
  const Device device = TRY(choose_device(inventory.devices, "", options.socket));
  MatrixReport report{options.seed, options.trials, device.id, device.model, TRY(chosen_units(options, device)), {}, {}, {}};
  const auto folder = TRY(find_goldens(invocation.settings(), invocation.shell().program));
  const auto goldens = TRY(load_goldens(folder, kGoldenKeyHex));
  const auto subjects = TRY(chosen_subjects(inventory, device, options, goldens, report));

  TrialRunner runner(runner_path);
  Matrix matrix(runner, options, device, report.units);
  uint64_t steps = 0;
  for (const MatrixFault& fault : faults) steps += matrix.trials_of(fault) * subjects.size();
  const MonoTime start = invocation.now().mono;
  {
    ProgressBar bar(invocation.console(), invocation.shell().clock, steps);
    for (const Subject& subject : subjects) {
      for (const MatrixFault& fault : faults) report.cells.push_back(TRY(matrix.fill(subject, fault, bar)));
    }
  }
  report.took = invocation.now().mono - start;
  if (invocation.json()) {
    invocation.console().out(matrix_json(report) + "\n");
  } else {
    invocation.console().out(options.markdown ? matrix_markdown(report) : matrix_text(report, invocation.view()));
  }
  return report.exit_code();
}

}  // namespace assay::ctl
