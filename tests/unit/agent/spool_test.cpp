// SPDX-License-Identifier: Apache-2.0
#include "agent/spool.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>

#include <fmt/format.h>

#include "common/base/file.h"
#include "common/base/subprocess.h"
#include "tests/support/temp_dir.h"

namespace assay::agent {
namespace {

using assay::test::TempDir;
const WallTime kNow = from_unix_ms(1'800'000'000'000);

Spool open(const TempDir& dir, uint64_t max_bytes = 64 << 20, uint32_t max_pages = 0) {
  auto spool = Spool::open({dir.path(), max_bytes, max_pages}, kNow);
  EXPECT_TRUE(spool.ok()) << (spool.ok() ? "" : spool.error().message);
  return std::move(*spool);
}

TEST(Spool, GivesReportsBackInOrderUntilTheyAreRemoved) {
  const TempDir dir;
  Spool spool = open(dir);
  ASSERT_TRUE(spool.append(ReportClass::kRollup, "one", {}).ok());
  ASSERT_TRUE(spool.append(ReportClass::kEvidence, "two", {}).ok());
  auto first = spool.oldest();
  ASSERT_TRUE(first.ok() && *first);
  EXPECT_EQ((*first)->bytes, "one");
  EXPECT_EQ((*first)->sequence, 1U);
  EXPECT_EQ((*first)->stream, spool.stream());
  EXPECT_EQ((*spool.oldest())->bytes, "one") << "until it is acknowledged it is the oldest";
  spool.remove(**first);
  EXPECT_EQ((*spool.oldest())->bytes, "two");
  EXPECT_EQ((*spool.oldest())->report_class, ReportClass::kEvidence);
  EXPECT_EQ(spool.facts().reports, 1U);
  EXPECT_EQ(spool.facts().bytes, 3U);
}

TEST(Spool, SurvivesARestartAndNeverUsesASequenceTwice) {
  const TempDir dir;
  std::string stream;
  {
    Spool spool = open(dir);
    stream = spool.stream();
    ASSERT_TRUE(spool.append(ReportClass::kRollup, "one", {{"device/a", "state"}}).ok());
    ASSERT_TRUE(spool.append(ReportClass::kRollup, "two", {}).ok());
    while (const auto report = *spool.oldest()) spool.remove(*report);
  }
  Spool spool = open(dir);
  EXPECT_EQ(spool.stream(), stream);
  EXPECT_EQ(spool.next_sequence(), 3U);
  EXPECT_EQ(spool.facts().reports, 0U);
  EXPECT_EQ(*spool.state("device/a"), "state");
  EXPECT_EQ(*spool.state("device/b"), std::nullopt);
}

TEST(Spool, DropsTheOldestRollupsAndNeverEvidence) {
  const TempDir dir;
  Spool spool = open(dir, 10'000);
  const std::string kilobyte(1000, 'x');
  ASSERT_TRUE(spool.append(ReportClass::kEvidence, kilobyte, {}).ok());
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(spool.append(ReportClass::kRollup, kilobyte, {}).ok());
  EXPECT_EQ(spool.facts().bytes, 10'000U);
  EXPECT_EQ(spool.facts().dropped, 11U);
  for (int i = 0; i < 9; ++i) ASSERT_TRUE(spool.append(ReportClass::kEvidence, kilobyte, {}).ok());
  EXPECT_EQ(spool.facts().dropped, 20U);
  const Status full = spool.append(ReportClass::kEvidence, kilobyte, {});
  ASSERT_FALSE(full.ok());
  EXPECT_EQ(full.error().code, ErrorCode::kLimit);
  ASSERT_TRUE(spool.append(ReportClass::kRollup, kilobyte, {}).ok());
  EXPECT_EQ(spool.facts().dropped, 21U) << "a rollup without room is dropped and counted at once";
  int evidence = 0;
  while (const auto report = *spool.oldest()) {
    EXPECT_EQ(report->report_class, ReportClass::kEvidence);
    spool.remove(*report);
    ++evidence;
  }
  EXPECT_EQ(evidence, 10);
}

TEST(Spool, CountsOfDroppedReportsSurviveARestart) {
  const TempDir dir;
  {
    Spool spool = open(dir, 1000);
    for (int i = 0; i < 5; ++i) ASSERT_TRUE(spool.append(ReportClass::kRollup, std::string(900, 'x'), {}).ok());
  }
  EXPECT_EQ(open(dir, 1000).facts().dropped, 4U);
}

TEST(Spool, SetsAsideWhatTheCollectorWillNeverTake) {
  const TempDir dir;
  {
    Spool spool = open(dir);
    ASSERT_TRUE(spool.append(ReportClass::kEvidence, "poison", {}).ok());
    ASSERT_TRUE(spool.append(ReportClass::kRollup, "fine", {}).ok());
    spool.set_aside(**spool.oldest());
    EXPECT_EQ((*spool.oldest())->bytes, "fine");
  }
  Spool spool = open(dir);
  EXPECT_EQ((*spool.oldest())->bytes, "fine");
  EXPECT_EQ(spool.facts().rejected, 1U);
  EXPECT_EQ(spool.facts().reports, 1U);
}

TEST(Spool, AFullDiskRefusesWholeAndTakesAgainWhenThereIsRoom) {
  const TempDir dir;
  Spool spool = open(dir, 64 << 20, 40);  // 160 KiB of file
  const std::string chunk(20'000, 'x');
  int stored = 0;
  Status status;
  while ((status = spool.append(ReportClass::kEvidence, chunk, {{"key", chunk.substr(0, 10)}})).ok()) ++stored;
  EXPECT_EQ(status.error().code, ErrorCode::kUnavailable);
  EXPECT_GT(stored, 2);
  EXPECT_EQ(spool.facts().reports, static_cast<uint64_t>(stored));
  EXPECT_EQ(spool.next_sequence(), static_cast<uint64_t>(stored) + 1) << "nothing of the refused report stays";
  for (int i = 0; i < 3; ++i) spool.remove(**spool.oldest());
  EXPECT_TRUE(spool.append(ReportClass::kEvidence, chunk, {}).ok());
  EXPECT_EQ(spool.facts().reports, static_cast<uint64_t>(stored) - 2);
}

TEST(Spool, AnAcknowledgedReportIsNotGivenOutAgainThoughTheDiskCannotDelete) {
  const TempDir dir;
  Spool spool = open(dir, 64 << 20, 40);
  while (spool.append(ReportClass::kEvidence, std::string(20'000, 'x'), {}).ok()) {
  }
  const auto before = (*spool.oldest())->sequence;
  spool.remove(**spool.oldest());
  EXPECT_EQ((*spool.oldest())->sequence, before + 1);
}

TEST(Spool, ADamagedFileIsMovedAsideAndANewStreamBegins) {
  const TempDir dir;
  std::string stream;
  {
    Spool spool = open(dir);
    stream = spool.stream();
    for (int i = 0; i < 50; ++i) ASSERT_TRUE(spool.append(ReportClass::kRollup, std::string(3000, 'x'), {}).ok());
  }
  {
    std::fstream file(dir / "spool.db", std::ios::in | std::ios::out | std::ios::binary);
    for (int page = 1; page < 12; ++page) {
      file.seekp(page * 4096);
      file << std::string(4096, '\xA5');
    }
  }
  Spool spool = open(dir);
  ASSERT_TRUE(spool.moved_aside());
  EXPECT_TRUE(std::filesystem::exists(*spool.moved_aside()));
  EXPECT_THAT(spool.moved_aside()->filename().string(), testing::StartsWith("spool.db.corrupt-"));
  EXPECT_NE(spool.stream(), stream);
  EXPECT_TRUE(spool.append(ReportClass::kEvidence, "works", {}).ok());
}

TEST(Spool, AFileThatIsNoDatabaseIsMovedAside) {
  const TempDir dir;
  ASSERT_TRUE(write_file_atomic(dir / "spool.db", std::string(10'000, 'n')).ok());
  Spool spool = open(dir);
  EXPECT_TRUE(spool.moved_aside());
  EXPECT_EQ(*read_file(*spool.moved_aside(), 20'000), std::string(10'000, 'n'));
}

TEST(Spool, ALaterReleasesFileIsRefusedWithWordsAndLeftAlone) {
  const TempDir dir;
  { open(dir); }
  sqlite3* db = nullptr;
  ASSERT_EQ(sqlite3_open((dir / "spool.db").c_str(), &db), SQLITE_OK);
  sqlite3_exec(db, "PRAGMA user_version = 99", nullptr, nullptr, nullptr);
  sqlite3_close(db);
  const auto spool = Spool::open({dir.path(), 1 << 20, 0}, kNow);
  ASSERT_FALSE(spool.ok());
  EXPECT_EQ(spool.error().code, ErrorCode::kUnsupported);
  EXPECT_THAT(spool.error().message, testing::HasSubstr("later release"));
  EXPECT_TRUE(std::filesystem::exists(dir / "spool.db"));
}

// A child appends and says each number it was told is stored; it is killed at a moment of chance; nothing it said may be missing.
TEST(Spool, NothingStoredIsLostWhenTheProcessIsKilled) {
  const TempDir dir;
  uint64_t promised = 0;
  for (int round = 0; round < 8; ++round) {
    std::array<int, 2> pipe{};
    ASSERT_EQ(::pipe(pipe.data()), 0);
    const pid_t child = ::fork();
    if (child == 0) {
      auto spool = Spool::open({dir.path(), 64 << 20, 0}, kNow);
      if (!spool.ok()) ::_exit(1);
      for (;;) {
        const uint64_t sequence = spool->next_sequence();
        if (!spool->append(ReportClass::kEvidence, fmt::format("report {}", sequence), {{"last", fmt::format("{}", sequence)}}).ok()) ::_exit(2);
        if (::write(pipe[1], &sequence, sizeof sequence) != sizeof sequence) ::_exit(3);
      }
    }
    ::close(pipe[1]);
    uint64_t said = 0;
    for (int i = 0; i < 5 + round * 7 && ::read(pipe[0], &said, sizeof said) == sizeof said; ++i) promised = said;
    ::kill(child, SIGKILL);
    while (::read(pipe[0], &said, sizeof said) == sizeof said) promised = said;
    ::close(pipe[0]);
    int status = 0;
    ::waitpid(child, &status, 0);
    ASSERT_TRUE(WIFSIGNALED(status));
    Spool spool = open(dir);
    EXPECT_FALSE(spool.moved_aside());
    EXPECT_GT(spool.next_sequence(), promised);
    EXPECT_EQ(spool.facts().reports, spool.next_sequence() - 1);
    EXPECT_EQ(*spool.state("last"), fmt::format("{}", spool.next_sequence() - 1)) << "state and report are one transaction";
  }
  Spool spool = open(dir);
  for (uint64_t sequence = 1; sequence <= promised; ++sequence) {
    const auto report = *spool.oldest();
    ASSERT_TRUE(report);
    EXPECT_EQ(report->sequence, sequence);
    EXPECT_EQ(report->bytes, fmt::format("report {}", sequence));
    spool.remove(*report);
  }
}

}  // namespace
}  // namespace assay::agent
