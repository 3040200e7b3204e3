// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "common/base/file.h"
#include "probes/catalogue/catalogue.h"
#include "probes/goldens/golden_set.h"
#include "probes/tool/golden_builder.h"
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

TEST(CommittedGoldens, HoldForEveryVariantOnEightSetsOfEachProbe) {
  const auto report = verify_goldens(eight_sets(committed()));
  ASSERT_TRUE(report.ok()) << report.error().message;
  EXPECT_GE(report->runs, 8 * catalogue().size());
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
  const auto report = verify_goldens(job);
  ASSERT_TRUE(report.ok()) << report.error().message;
  ASSERT_FALSE(report->findings.empty());
  EXPECT_NE(report->findings[0].find("aes.chain/1 set 32"), std::string::npos) << report->findings[0];
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
