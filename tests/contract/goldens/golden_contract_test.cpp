// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <vector>

#include "common/base/file.h"
#include "probes/catalogue/catalogue.h"
#include "probes/goldens/golden_set.h"
#include "probes/tool/golden_builder.h"
#include "tests/support/sanitized.h"
#include "tests/support/temp_dir.h"

namespace assay::probes {
namespace {

std::filesystem::path committed() {
  const char* source = std::getenv("ASSAY_SOURCE_DIR");
  return std::filesystem::path(source == nullptr ? "." : source) / "probes" / "goldens";
}

GoldenJob eight_sets(const std::filesystem::path& folder) {
  GoldenJob job;
  job.folder = folder;
  job.sets = 8;
  job.jobs = 2;
  return job;
}

// With sanitizers on two: `./dev golden verify` has all of them.
TEST(CommittedGoldens, HoldForEveryVariantOnSomeSetsOfEachProbe) {
  GoldenJob job = eight_sets(committed());
  if (test::kSanitized) job.sets = 2;
  const auto report = verify_goldens(job);
  ASSERT_TRUE(report.ok()) << report.error().message;
  EXPECT_GE(report->runs, job.sets * catalogue().size());
  for (const std::string& finding : report->findings) ADD_FAILURE() << finding;
}

TEST(CommittedGoldens, CoverTheWholeCatalogueAndAreSigned) {
  const auto goldens = GoldenSet::load(committed());
  ASSERT_TRUE(goldens.ok()) << goldens.error().message;
  EXPECT_EQ(goldens->signature().size(), 128U);
  for (const ProbeSpec& probe : catalogue()) {
    const GoldenTable* table = goldens->find(probe.ref);
    ASSERT_NE(table, nullptr) << probe.ref.id;
    EXPECT_EQ(table->digests.size(), probe.operand_sets) << probe.ref.id;
  }
  for (const ProbeSpec& probe : device_catalogue()) EXPECT_EQ(goldens->find(probe.ref) != nullptr, has_golden(probe.tier)) << probe.ref.id;
  // A golden without a probe would be a leftover that nobody checks.
  const auto all = all_probes();
  EXPECT_EQ(goldens->files().size(), static_cast<size_t>(std::ranges::count_if(all, [](const ProbeSpec& probe) { return has_golden(probe.tier); })));
}

// The canary: one changed digit of one digest must be found.
TEST(CommittedGoldens, AChangedDigestIsFound) {
  const test::TempDir folder;
  std::filesystem::copy(committed(), folder.path(), std::filesystem::copy_options::recursive);
  const std::filesystem::path file = folder / "aes.chain.v1.golden";
  std::string text = read_file(file, 1 << 20).value();
  const size_t digit = text.find("\n32 ") + 4;
  text[digit] = text[digit] == '0' ? '1' : '0';
  ASSERT_TRUE(write_file_atomic(file, text).ok());
  GoldenJob job = eight_sets(folder.path());
  job.probe = "aes.chain";
  size_t reported = 0;
  job.progress = [&](const ProbeProgress& one) { reported += one.findings; };
  const auto report = verify_goldens(job);
  ASSERT_TRUE(report.ok()) << report.error().message;
  ASSERT_FALSE(report->findings.empty());
  EXPECT_EQ(reported, report->findings.size());
  EXPECT_NE(report->findings[0].find("aes.chain/1 set 32"), std::string::npos) << report->findings[0];
}

// A verification takes minutes: it says where it is, and of which probe each finding is.
TEST(CommittedGoldens, EachProbeIsReportedWhenItIsDone) {
  std::vector<ProbeProgress> reported;
  GoldenJob job = eight_sets(committed());
  job.sets = 2;
  job.progress = [&](const ProbeProgress& one) { reported.push_back(one); };
  job.probe = "device.atomics";
  ASSERT_TRUE(verify_goldens(job).ok());
  job.references = true;
  const auto report = verify_goldens(job);
  ASSERT_TRUE(report.ok()) << report.error().message;
  ASSERT_EQ(reported.size(), 2U);
  EXPECT_EQ(reported[0].runs, 0U) << "no core runs it";
  EXPECT_EQ(reported[1].probe.id, "device.atomics");
  EXPECT_EQ(reported[1].sets, 2U);
  EXPECT_EQ(reported[1].runs, 2U);
  EXPECT_EQ(reported[1].runs, report->runs);
  EXPECT_EQ(reported[1].findings, 0U);
  EXPECT_GT(reported[1].seconds, 0.0);
}

TEST(CommittedGoldens, AnUnknownProbeIsRefused) {
  GoldenJob job = eight_sets(committed());
  job.probe = "aes";
  const auto report = verify_goldens(job);
  ASSERT_FALSE(report.ok());
  EXPECT_EQ(report.error().code, ErrorCode::kNotFound);
}

}  // namespace
}  // namespace assay::probes
