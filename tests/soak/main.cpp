// SPDX-License-Identifier: Apache-2.0
// assay-soak: the same bits 10,000 times in a row, on demand. Exit code 0 all right, 1 a wrong run, 2 could not measure all, 64 usage.
#include <cstdio>
#include <string_view>

#include <fmt/format.h>

#include "common/base/parse.h"
#include "tests/soak/soak.h"

namespace assay::soak {
namespace {

constexpr int kExitFinding = 1;
constexpr int kExitUnsure = 2;
constexpr int kExitUsage = 64;

int usage(std::string_view what) {
  fmt::print(stderr, "assay-soak: {}\nusage: assay-soak [--runs N] [--probe ID] [--variant V] [--seed N] [--goldens DIR] [--markdown]\n", what);
  return kExitUsage;
}

int run(int argc, char** argv) {
  SoakOptions options;
  options.goldens = "probes/goldens";
  bool markdown = false;
  for (int i = 1; i < argc; ++i) {
    const std::string_view name = argv[i];
    if (name == "--markdown") {
      markdown = true;
      continue;
    }
    if (i + 1 == argc) return usage(fmt::format("{} is unknown or needs a value", name));
    const std::string_view value = argv[++i];
    if (name == "--probe") {
      options.probe = value;
    } else if (name == "--variant") {
      options.variant = value;
    } else if (name == "--goldens") {
      options.goldens = value;
    } else if (name == "--runs" || name == "--seed") {
      const auto number = parse_u64(value);
      if (!number) return usage(number.error().message);
      (name == "--runs" ? options.runs : options.seed) = *number;
    } else {
      return usage(fmt::format("unknown option {}", name));
    }
  }
  const auto lines = soak(options);
  if (!lines) return usage(lines.error().message);
  fmt::print("{}", markdown ? soak_markdown(*lines) : soak_text(*lines));
  int code = 0;
  for (const SoakLine& line : *lines) {
    if (line.wrong > 0) return kExitFinding;
    if (line.runs < options.runs) code = kExitUnsure;
  }
  return code;
}

}  // namespace
}  // namespace assay::soak

int main(int argc, char** argv) { return assay::soak::run(argc, argv); }
