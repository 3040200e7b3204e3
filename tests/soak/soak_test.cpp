// SPDX-License-Identifier: Apache-2.0
// A sample of what assay-soak does on demand: every variant of every probe, some runs.
#include "tests/soak/soak.h"

#include <gtest/gtest.h>

#include "tests/support/runner_process.h"
#include "tests/support/sanitized.h"

namespace assay::soak {
namespace {

constexpr uint64_t kRuns = test::kSanitized ? 1 : 8;

TEST(Soak, EveryVariantGivesTheSameBitsUnderLoadInOddModesAndOnEveryCore) {
  SoakOptions options;
  options.goldens = test::golden_folder();
  options.runs = kRuns;
  const auto lines = soak(options);
  ASSERT_TRUE(lines.ok()) << lines.error().message;
  for (const SoakLine& line : *lines) {
    EXPECT_EQ(line.wrong, 0U) << line.name << ": " << line.first_problem;
    EXPECT_GE(line.runs, options.runs) << line.name << ": " << line.first_problem;
    EXPECT_GE(line.hops, 1U) << line.name;
  }
}

TEST(Soak, AWrongBitWouldBeCounted) {
  SoakOptions options;
  options.goldens = test::golden_folder();
  options.probe = "int.mul.chain";
  options.runs = 2;
  options.plant = true;
  const auto lines = soak(options);
  ASSERT_TRUE(lines.ok()) << lines.error().message;
  for (const SoakLine& line : *lines) EXPECT_GT(line.wrong, 0U) << line.name;
}

}  // namespace
}  // namespace assay::soak
