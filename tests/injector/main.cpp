// SPDX-License-Identifier: Apache-2.0
// assay-bit-flipper: flips bits in a running probe runner from outside and judges what it then reports. Exit code 0 nothing undetected, 1 something, 2 could
// not tell, 64 usage, 77 ptrace is not allowed here.
#include <algorithm>
#include <cstdio>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "common/base/parse.h"
#include "tests/injector/campaign.h"

namespace assay::injector {
namespace {

constexpr int kExitFinding = 1;
constexpr int kExitUnsure = 2;
constexpr int kExitUsage = 64;
constexpr int kExitNotPermitted = 77;

constexpr std::string_view kUsage =
    "usage: assay-bit-flipper [--trials N] [--seed N] [--first N] [--probe ID] [--runner FILE] [--goldens DIR] [--markdown] [--verbose]\n"
    "--first   number of the first trial, to repeat or to continue\n";

struct Options {
  CampaignOptions campaign;
  bool markdown = false;
};

Status take_value(Options& options, std::string_view name, std::string_view value) {
  CampaignOptions& campaign = options.campaign;
  if (name == "--runner") {
    campaign.runner = std::filesystem::absolute(value);
  } else if (name == "--goldens") {
    campaign.goldens = value;
  } else if (name == "--probe") {
    campaign.probe = value;
  } else {
    uint64_t* const number = name == "--trials" ? &campaign.trials : name == "--seed" ? &campaign.seed : name == "--first" ? &campaign.first : nullptr;
    if (number == nullptr) return make_error(ErrorCode::kInvalid, fmt::format("unknown option {}", name));
    *number = TRY(parse_u64(value));
  }
  return {};
}

Result<Options> parse(const std::vector<std::string_view>& arguments, const std::filesystem::path& self) {
  Options options;
  options.campaign.runner = std::filesystem::absolute(self).parent_path() / "assay-probe-runner";
  options.campaign.goldens = "probes/goldens";
  for (size_t i = 0; i < arguments.size(); ++i) {
    if (arguments[i] == "--markdown" || arguments[i] == "--verbose") {
      (arguments[i] == "--markdown" ? options.markdown : options.campaign.verbose) = true;
    } else if (i + 1 == arguments.size()) {
      return make_error(ErrorCode::kInvalid, fmt::format("{} is unknown or needs a value", arguments[i]));
    } else {
      TRY(take_value(options, arguments[i], arguments[i + 1]));
      ++i;
    }
  }
  return options;
}

int run(const std::vector<std::string_view>& arguments, const char* self) {
  const auto options = parse(arguments, self);
  if (!options) {
    fmt::print(stderr, "assay-bit-flipper: {}\n{}", options.error().message, kUsage);
    return kExitUsage;
  }
  const auto report = run_campaign(options->campaign);
  if (!report) {
    fmt::print(stderr, "assay-bit-flipper: {}\n", report.error().message);
    return report.error().code == ErrorCode::kPermission ? kExitNotPermitted : kExitUnsure;
  }
  fmt::print("{}", options->markdown ? report_markdown(*report, options->campaign) : report_text(*report));
  if (report->with(Fate::kUndetected) > 0) return kExitFinding;
  return report->trials() == 0 ? kExitUnsure : 0;
}

}  // namespace
}  // namespace assay::injector

int main(int argc, char** argv) { return assay::injector::run({argv + 1, argv + argc}, argv[0]); }
