// SPDX-License-Identifier: Apache-2.0
// A small campaign against the real runner: nothing it reports as a match may be wrong.
#include "tests/injector/campaign.h"

#include <gtest/gtest.h>

#include "tests/support/runner_process.h"
#include "tests/support/sanitized.h"

namespace assay::injector {
namespace {

// A sanitized runner takes longer to start than to compute.
constexpr uint64_t kTrials = test::kSanitized ? 40 : 200;

TEST(OutsideInjector, NoFlippedBitMakesAWrongResultAMatch) {
  CampaignOptions options;
  options.runner = test::program("assay-probe-runner");
  options.goldens = test::golden_folder();
  options.trials = kTrials;
  const auto report = run_campaign(options);
  if (!report && report.error().code == ErrorCode::kPermission) GTEST_SKIP() << "ALL TESTS SKIPPED: " << report.error().message;
  ASSERT_TRUE(report.ok()) << report.error().message;
  for (const UndetectedTrial& one : report->undetected) ADD_FAILURE() << "trial " << one.number << ": " << one.words;
  // The tool itself: most trials took place, and some flips did something.
  EXPECT_GT(report->trials(), options.trials / 2);
  EXPECT_LT(report->with(Fate::kMasked), report->trials()) << "no flip had any effect";
}

}  // namespace
}  // namespace assay::injector
