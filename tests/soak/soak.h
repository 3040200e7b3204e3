// SPDX-License-Identifier: Apache-2.0
// The same bits, run after run: every variant of every probe under load, in odd floating-point modes and a comma locale, on one core after
// the other and across them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "common/base/clock.h"
#include "common/base/result.h"

namespace assay::soak {

struct SoakOptions {
  std::filesystem::path goldens;
  std::string probe;             // "" for all
  std::string variant;           // "" for all
  uint64_t runs = 10'000;        // of each variant
  uint64_t seed = 1;
  bool plant = false;            // flip a bit in every batch: a soak that finds nothing then is broken
};

// One variant of one probe.
struct SoakLine {
  std::string name;              // "int.mul.chain avx2"
  uint64_t runs = 0;             // through the frame, pinned, with the golden as the measure
  uint64_t hops = 0;             // besides, without the frame: moved to another core before each step
  uint64_t wrong = 0;            // of both
  uint64_t unmeasured = 0;       // inconclusive slices, done again
  std::string first_problem;
  Duration took{};
};

// The conditions that a batch of runs starts in follow from its number: rounding mode, flush-to-zero, x87 precision, core.
// kNotFound when no variant fits.
Result<std::vector<SoakLine>> soak(const SoakOptions& options);

std::string soak_text(const std::vector<SoakLine>& lines);
std::string soak_markdown(const std::vector<SoakLine>& lines);

}  // namespace assay::soak
