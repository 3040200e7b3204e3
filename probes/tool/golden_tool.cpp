// SPDX-License-Identifier: Apache-2.0
// assay-golden: builds the committed goldens and verifies them on the machine at hand. Signing is a separate step
// (sign.sh), so that the key never meets this program.
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <span>
#include <string>
#include <string_view>
#include <thread>

#include "common/base/parse.h"
#include "probes/tool/excitation_table.h"
#include "probes/tool/golden_builder.h"

namespace assay::probes {
namespace {

constexpr int kExitFine = 0;
constexpr int kExitFinding = 1;
constexpr int kExitUndecided = 2;
constexpr int kExitUsage = 64;

constexpr uint32_t kExcitationDots = 1024;  // a sixth of one step of the probes

constexpr std::string_view kUsage =
    R"(usage: assay-golden build DIR [--probe ID] [--jobs N]
       assay-golden verify DIR [--probe ID] [--sets N] [--jobs N] [--references] [--quiet]
       assay-golden excite
build   computes every golden with the slow references, cross-checks the kernels of this CPU and writes DIR/*.golden;
        then run sign.sh KEY.pem DIR
verify  runs every kernel variant of this CPU against the goldens in DIR. Findings go to stdout; stderr gets a line after
        each probe: its operand sets, runs, seconds, and whether all was well.
        --sets: only so many operand sets of each; --references: the slow references of this build as well, which alone
        know the probes of accelerators; --quiet: no line a probe
        exit code 0 all is well, 1 a finding, 2 it could not be told
excite  prints what share of the stuck-at faults of modelled matrix units each recipe of operands shows
)";

void print_progress(const ProbeProgress& one) {
  const std::string verdict = one.findings > 0 ? fmt::format("{} FINDINGS", one.findings) : one.runs > 0 ? "ok" : "nothing of this CPU runs it: try --references";
  fmt::print(stderr, "{:<28} {:>5} sets {:>6} runs {:>8.1f} s  {}\n", to_string(one.probe), one.sets, one.runs, one.seconds, verdict);
}

Result<GoldenJob> parse_options(std::span<char*> arguments) {
  GoldenJob job;
  job.progress = print_progress;
  job.folder = arguments[0];
  job.jobs = std::max(1U, std::thread::hardware_concurrency());
  for (size_t i = 1; i < arguments.size(); i += 2) {
    const std::string_view option = arguments[i];
    if (option == "--references" || option == "--quiet") {
      if (option == "--references") job.references = true;
      if (option == "--quiet") job.progress = nullptr;
      --i;
      continue;
    }
    if (i + 1 == arguments.size())
      return make_error(ErrorCode::kInvalid, fmt::format("option {} needs a value", option));
    const std::string_view value = arguments[i + 1];
    if (option == "--probe") {
      job.probe = value;
    } else if (option == "--sets" || option == "--jobs") {
      const uint64_t number = TRY(parse_u64(value));
      if (number == 0 || number > 4096)
        return make_error(ErrorCode::kInvalid, fmt::format("{} must be 1..4096", option));
      (option == "--sets" ? job.sets : job.jobs) = static_cast<uint32_t>(number);
    } else {
      return make_error(ErrorCode::kInvalid, fmt::format("unknown option {}", option));
    }
  }
  return job;
}

int fail(const Error& error, int code) {
  fmt::print(stderr, "assay-golden: {}\n", error.message);
  return code;
}

// " 12 scalar, 8 avx2": how many probes ran in which variant, in the order in which the variants first come.
std::string summary_of(const std::vector<std::string>& variants) {
  std::vector<std::pair<std::string, int>> counts;
  for (const std::string& one : variants) {
    const std::string name = one.substr(one.find(' ') + 1);
    const auto known = std::find_if(counts.begin(), counts.end(), [&](const auto& count) { return count.first == name; });
    if (known == counts.end()) {
      counts.emplace_back(name, 1);
    } else {
      ++known->second;
    }
  }
  std::string text;
  for (const auto& [name, count] : counts) text += fmt::format("{} {} {}", text.empty() ? "" : ",", count, name);
  return text;
}

int verify(const GoldenJob& job) {
  const auto report = verify_goldens(job);
  if (!report.ok()) return fail(report.error(), kExitUndecided);
  for (const std::string& finding : report->findings) fmt::print("{}\n", finding);
  fmt::print(stderr, "variants:{}\n", summary_of(report->variants));
  fmt::print(stderr, "{} runs, {} findings\n", report->runs, report->findings.size());
  return report->findings.empty() ? kExitFine : kExitFinding;
}

int run(std::span<char*> arguments) {
  const std::string_view verb = arguments.size() > 1 ? arguments[1] : "";
  if (verb == "--help" || verb == "-h") {
    fmt::print("{}", kUsage);
    return kExitFine;
  }
  if (verb == "excite" && arguments.size() == 2) {
    fmt::print("{}", excitation_table(kExcitationDots));
    return kExitFine;
  }
  if (arguments.size() < 3 || (verb != "build" && verb != "verify")) {
    fmt::print(stderr, "{}", kUsage);
    return kExitUsage;
  }
  const auto job = parse_options(arguments.subspan(2));
  if (!job.ok()) return fail(job.error(), kExitUsage);
  if (verb == "verify") return verify(*job);
  const Status built = build_goldens(*job);
  return built.ok() ? kExitFine : fail(built.error(), kExitUndecided);
}

}  // namespace
}  // namespace assay::probes

int main(int argc, char** argv) {
  return assay::probes::run({argv, static_cast<size_t>(argc)});
}
