// SPDX-License-Identifier: Apache-2.0
#include "agent/outbox.h"

#include <gtest/gtest.h>

#include <set>

#include <fmt/format.h>

#include "tests/support/temp_dir.h"

namespace assay::agent {
namespace {

using assay::test::TempDir;

Outbox small_disk(const TempDir& dir, uint32_t pages) {
  auto spool = Spool::open({dir.path(), 64 << 20, pages}, from_unix_ms(1'800'000'000'000));
  EXPECT_TRUE(spool.ok());
  return Outbox(std::move(*spool));
}

Outbox::Encode report_of(size_t bytes) {
  return [bytes](const std::string& stream, uint64_t sequence) {
    std::string text = fmt::format("{}/{} ", stream, sequence);
    text.resize(std::max(text.size(), bytes), '.');
    return text;
  };
}

TEST(Outbox, ReportsWaitInMemoryUnderAnotherStreamWhileTheDiskIsFull) {
  const TempDir dir;
  Outbox outbox = small_disk(dir, 40);
  for (int i = 0; i < 20; ++i) outbox.store(ReportClass::kEvidence, report_of(20'000), {});
  const OutboxFacts facts = outbox.facts();
  EXPECT_TRUE(facts.disk_failing);
  EXPECT_EQ(facts.spool.reports + facts.memory_reports, 20U);
  EXPECT_GT(facts.memory_reports, 0U);
  EXPECT_GT(facts.write_failures, 0U);
  EXPECT_EQ(facts.lost_evidence, 0U);

  std::set<std::string> names;
  std::set<std::string> streams;
  while (!outbox.empty()) {
    const auto report = outbox.oldest();
    ASSERT_TRUE(report);
    EXPECT_TRUE(report->bytes.starts_with(fmt::format("{}/{} ", report->stream, report->sequence)));
    names.insert(fmt::format("{}/{}", report->stream, report->sequence));
    streams.insert(report->stream);
    outbox.acknowledged(*report);
  }
  EXPECT_EQ(names.size(), 20U) << "each exactly once";
  EXPECT_EQ(streams.size(), 2U);
}

TEST(Outbox, WhatWaitedInMemoryMovesToTheDiskUnderItsOwnName) {
  const TempDir dir;
  Outbox outbox = small_disk(dir, 40);
  for (int i = 0; i < 12; ++i) outbox.store(ReportClass::kEvidence, report_of(20'000), {});
  const uint64_t in_memory = outbox.facts().memory_reports;
  ASSERT_GT(in_memory, 0U);
  while (outbox.facts().spool.reports > 0) outbox.acknowledged(*outbox.oldest());
  outbox.retry();
  EXPECT_EQ(outbox.facts().memory_reports + outbox.facts().spool.reports, in_memory);
  EXPECT_GT(outbox.facts().spool.reports, 0U);
  const auto moved = outbox.oldest();
  EXPECT_NE(moved->stream, outbox.spool().stream());
  EXPECT_TRUE(moved->bytes.starts_with(fmt::format("{}/{} ", moved->stream, moved->sequence)));
}

TEST(Outbox, MemoryIsBoundedAndRollupsGoBeforeEvidence) {
  const TempDir dir;
  Outbox outbox = small_disk(dir, 12);
  for (int i = 0; i < 40; ++i) outbox.store(ReportClass::kRollup, report_of(100'000), {});
  EXPECT_GT(outbox.facts().lost_rollups, 0U);
  EXPECT_EQ(outbox.facts().lost_evidence, 0U);
  for (int i = 0; i < 100; ++i) outbox.store(ReportClass::kEvidence, report_of(100'000), {});
  const OutboxFacts facts = outbox.facts();
  EXPECT_LE(facts.memory_reports * 100'000, Outbox::kMemoryBytes);
  EXPECT_GT(facts.lost_evidence, 0U) << "said aloud, when there is really no room left";
}

TEST(Outbox, StateAloneFailsWithoutHarm) {
  const TempDir dir;
  Outbox outbox = small_disk(dir, 12);
  EXPECT_FALSE(outbox.put({{"key", std::string(200'000, 'x')}}));
  EXPECT_TRUE(outbox.facts().disk_failing);
  EXPECT_TRUE(outbox.put({{"key", "small"}}));
  EXPECT_FALSE(outbox.facts().disk_failing);
}

}  // namespace
}  // namespace assay::agent
