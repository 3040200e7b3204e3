// SPDX-License-Identifier: Apache-2.0
// assay-fake-runner: the real runner, computing truly, that then misbehaves as a file tells it to. Takes the arguments of
// assay-probe-runner and
//   --behave-file FILE   read again at each request; missing or empty: honest (also from ASSAY_FAKE_RUNNER_FILE)
//   --behave=TEXT        fixed behaviour
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "common/base/file.h"
#include "common/base/log.h"
#include "common/base/random.h"
#include "common/model/limits.h"
#include "probes/catalogue/catalogue.h"
#include "probes/runner/exit_codes.h"
#include "probes/runner/program.h"
#include "tests/support/fake_runner_behaviour.h"

namespace assay::test {
namespace {

using probes::Responder;
using probes::RunRequest;
using probes::UnitRun;

struct Settings {
  std::filesystem::path file;
  std::string fixed;
  std::vector<std::string_view> rest;   // for the real program
};

Settings parse_arguments(const std::vector<std::string_view>& arguments) {
  constexpr std::string_view kFile = "--behave-file";
  constexpr std::string_view kFixed = "--behave=";
  Settings settings;
  if (const char* file = std::getenv("ASSAY_FAKE_RUNNER_FILE")) settings.file = file;  // NOLINT(concurrency-mt-unsafe): before threads
  for (size_t i = 0; i < arguments.size(); ++i) {
    if (arguments[i] == kFile && i + 1 < arguments.size()) {
      settings.file = arguments[++i];
    } else if (arguments[i].starts_with("--behave-file=")) {
      settings.file = arguments[i].substr(kFile.size() + 1);
    } else if (arguments[i].starts_with(kFixed)) {
      settings.fixed = arguments[i].substr(kFixed.size());
    } else {
      settings.rest.push_back(arguments[i]);
    }
  }
  return settings;
}

Behaviour current_behaviour(const Settings& settings) {
  std::string text = settings.fixed;
  if (text.empty() && !settings.file.empty()) text = read_file(settings.file, 4096).ok() ? *read_file(settings.file, 4096) : "";
  if (text.find_first_not_of(" \r\n\t") == std::string::npos) return {};
  const auto behaviour = parse_behaviour(text);
  if (behaviour) return *behaviour;
  log::error("fake runner: {}", behaviour.error().message);
  ::_exit(probes::kExitUsage);
}

// The same wrong digest for the same right one, as a unit with a lasting defect would give.
Digest spoilt(const Digest& right, uint64_t salt) {
  uint64_t state = right.low ^ salt;
  const uint64_t low = right.low ^ (split_mix64(state) | 1);
  return {right.high ^ split_mix64(state), low};
}

MismatchRecord make_record(const RunRequest& request, const UnitResult& unit, uint32_t word, uint64_t salt) {
  MismatchRecord record;
  record.operand_set = unit.first_set;
  record.step = 1;
  record.word_index = word;
  record.lane = word % 4;
  uint64_t state = seed_from(request.probe.id, record.operand_set) + word;
  record.expected = split_mix64(state);
  record.actual = record.expected ^ uint64_t{1} << (17 + salt % 8);
  record.reread = record.actual;
  record.cpu_before = request.cpus[unit.unit];
  record.cpu_after = record.cpu_before;
  return record;
}

// Turns the honest result of one unit into that of a unit that computes wrong; it says match when it is blind to it.
void make_wrong(const RunRequest& request, UnitRun& unit, uint64_t salt, bool blind) {
  const ProbeSpec* spec = probes::find_probe(request.probe.id);
  const uint32_t operand_sets = spec == nullptr ? limits::kOperandSetsPerProbe : spec->operand_sets;
  RunFold fold;
  uint32_t run = 0;
  for (Digest& digest : unit.digests) {
    digest = spoilt(digest, salt);
    fold.add(operand_set_of_run(unit.result, run++, operand_sets), digest);
  }
  UnitResult& result = unit.result;
  if (result.runs == 0) return;
  result.fold = fold.value();
  if (blind || request.goldens.empty()) return;
  result.outcome = Outcome::kMismatch;
  result.reason = Inconclusive::kNone;
  result.mismatches = result.runs;
  result.records = {make_record(request, result, 5, salt), make_record(request, result, 13, salt)};
}

std::string answer_wrong(const RunRequest& request, const Responder& compute, const Behaviour& behaviour) {
  // The digests of all runs are needed to fold them anew.
  RunRequest with_digests = request;
  with_digests.report_digests = true;
  const uint32_t kept = probes::digests_kept(request.work.size());
  with_digests.max_runs = request.max_runs == 0 ? kept : std::min(request.max_runs, kept);
  auto result = probes::decode_result(compute(with_digests));
  ASSAY_CHECK(result.ok());
  for (UnitRun& unit : result->units) {
    if (unit.result.unit == behaviour.unit) make_wrong(request, unit, behaviour.salt, behaviour.misdeed == Misdeed::kBlind);
    if (!request.report_digests) unit.digests.clear();
  }
  return encode(*result);
}

std::string answer_deaf(const RunRequest& request, const Responder& compute) {
  auto result = probes::decode_result(compute(request));
  ASSAY_CHECK(result.ok());
  for (UnitRun& unit : result->units) {
    if (request.synthetic != Synthetic::kControl || unit.result.outcome != Outcome::kMismatch) continue;
    unit.result.outcome = Outcome::kMatch;
    unit.result.mismatches = 0;
    unit.result.records.clear();
  }
  return encode(*result);
}

std::string answer(const RunRequest& request, const Responder& compute, const Settings& settings) {
  const Behaviour behaviour = current_behaviour(settings);
  switch (behaviour.misdeed) {
    case Misdeed::kHonest:
      break;
    case Misdeed::kFlipOnce:
      ASSAY_CHECK(settings.file.empty() || write_file_atomic(settings.file, "honest\n").ok());
      return answer_wrong(request, compute, behaviour);
    case Misdeed::kFlip:
    case Misdeed::kBlind:
      return answer_wrong(request, compute, behaviour);
    case Misdeed::kDeafControl:
      return answer_deaf(request, compute);
    case Misdeed::kHang:
      for (;;) ::pause();
    case Misdeed::kCrash:
      std::abort();
    case Misdeed::kGarbage:
      return "this is no result";
    case Misdeed::kSlow: {
      std::string late = compute(request);
      ::poll(nullptr, 0, static_cast<int>(behaviour.delay_ms));
      return late;
    }
  }
  return compute(request);
}

}  // namespace
}  // namespace assay::test

int main(int argc, char** argv) {
  const std::vector<std::string_view> arguments(argv + (argc > 0 ? 1 : 0), argv + argc);
  const assay::test::Settings settings = assay::test::parse_arguments(arguments);
  return assay::probes::run_program(settings.rest, [&](const assay::probes::Responder& compute) {
    return [&settings, compute](const assay::probes::RunRequest& request) { return assay::test::answer(request, compute, settings); };
  });
}
