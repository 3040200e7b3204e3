// SPDX-License-Identifier: Apache-2.0
#include "collector/store/store.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "tests/unit/store/store_bench.h"

namespace assay::collector::test {
namespace {

TEST(Store, IsPrivateToItsUser) {
  const StoreBench bench;
  const auto mode = std::filesystem::status(bench.path).permissions() & std::filesystem::perms::mask;
  EXPECT_EQ(mode, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

TEST(Store, RefusesASecondCollector) {
  StoreBench bench;
  const auto second = Store::open(options_for(bench.path));
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().code, ErrorCode::kConflict);
  EXPECT_NE(second.error().message.find("another collector"), std::string::npos);
}

TEST(Store, NamesAFolderThatIsNotThere) {
  const auto store = Store::open(options_for("/nonexistent/collector.db"));
  ASSERT_FALSE(store.ok());
  EXPECT_NE(store.error().message.find("/nonexistent/collector.db"), std::string::npos);
}

TEST(Store, SequencesAreKeptPerNodeAndStream) {
  StoreBench bench;
  {
    auto transaction = std::move(bench.store.begin()).value();
    EXPECT_EQ(transaction.last_sequence("n", "s").value(), std::nullopt);
    ASSERT_TRUE(transaction.set_last_sequence("n", "s", 7, bench.fleet.now).ok());
    ASSERT_TRUE(transaction.set_last_sequence("n", "t", 1, bench.fleet.now).ok());
    EXPECT_EQ(transaction.last_sequence("n", "s").value(), 7u);
    ASSERT_TRUE(transaction.commit().ok());
  }
  bench.reopen();
  auto transaction = std::move(bench.store.begin()).value();
  EXPECT_EQ(transaction.last_sequence("n", "s").value(), 7u);
  EXPECT_EQ(transaction.last_sequence("n", "t").value(), 1u);
  EXPECT_EQ(transaction.last_sequence("m", "s").value(), std::nullopt);
}

TEST(Store, WhatIsNotCommittedIsNotKept) {
  StoreBench bench;
  bench.fleet.populate(1);
  {
    auto transaction = std::move(bench.store.begin()).value();
    ASSERT_TRUE(transaction.apply(bench.fleet.all).ok());
  }
  EXPECT_TRUE(bench.store.load_fleet_state(bench.fleet.now)->devices.empty());
}

TEST(Store, ATransactionWithARefusedActionCannotBeCommitted) {
  StoreBench bench;
  Decision skipped;
  skipped.number = 5;
  auto transaction = std::move(bench.store.begin()).value();
  ASSERT_TRUE(transaction.apply(NoteEvent{bench.fleet.now, {"x", "", "", "", false, "kept?"}}).ok());
  EXPECT_EQ(transaction.apply(RecordDecision{skipped}).error().code, ErrorCode::kConflict);
  EXPECT_FALSE(transaction.commit().ok());
}

TEST(Store, ASecondTransactionAfterAnAbandonedOneWorks) {
  StoreBench bench;
  { auto abandoned = std::move(bench.store.begin()).value(); }
  bench.fleet.populate(1);
  EXPECT_TRUE(commit(bench.store, bench.fleet.all).ok());
}

TEST(Store, EnrolmentTokensWorkOnce) {
  StoreBench bench;
  const TokenRow token{"abc", "enrol", "", "node-1", "hash", bench.fleet.now, bench.fleet.now + 1h, false};
  auto transaction = std::move(bench.store.begin()).value();
  ASSERT_TRUE(transaction.add_token(token).ok());
  EXPECT_EQ(transaction.add_token(token).error().code, ErrorCode::kConflict);
  EXPECT_TRUE(transaction.use_token("abc", bench.fleet.now).ok());
  EXPECT_EQ(transaction.use_token("abc", bench.fleet.now).error().code, ErrorCode::kConflict);
  EXPECT_EQ(transaction.use_token("none", bench.fleet.now).error().code, ErrorCode::kConflict);
  ASSERT_TRUE(transaction.commit().ok());
  const auto row = bench.reader().token("abc");
  ASSERT_TRUE(row.ok() && row->has_value());
  EXPECT_TRUE((*row)->used);
  EXPECT_EQ((*row)->secret_hash, "hash");
}

TEST(Store, CertificatesAreRevokedBySerial) {
  StoreBench bench;
  auto transaction = std::move(bench.store.begin()).value();
  ASSERT_TRUE(transaction.add_certificate({"0a", "node-1", "agent", bench.fleet.now, bench.fleet.now + 1h, false, ""}).ok());
  EXPECT_EQ(transaction.revoke_certificate("0b", "lost", bench.fleet.now).error().code, ErrorCode::kNotFound);
  ASSERT_TRUE(transaction.revoke_certificate("0a", "lost", bench.fleet.now).ok());
  ASSERT_TRUE(transaction.commit().ok());
  EXPECT_TRUE(bench.reader().is_revoked("0a").value());
  EXPECT_FALSE(bench.reader().is_revoked("0b").value());
  EXPECT_EQ(bench.reader().revoked_serials().value(), std::vector<std::string>{"0a"});
}

TEST(Retention, ForgetsRollupsAndEventsInBatchesAndKeepsEvidence) {
  StoreBench bench;
  for (int hour = 0; hour < 30; ++hour) {
    bench.fleet.send_units("d0", {pass()});
    bench.keep();
    bench.fleet.now += 1h;
  }
  bench.fleet.condemn("d0");
  bench.keep();
  const uint64_t decisions = bench.fleet.core.state().last_decision;
  Retention retention;
  retention.rollups = 10h;
  retention.events = 10h;
  retention.streams = 10h;
  uint64_t deleted = 0;
  for (int round = 0; round < 20; ++round) {
    auto transaction = std::move(bench.store.begin()).value();
    deleted = transaction.prune(retention, bench.fleet.now, 3).value();
    EXPECT_LE(deleted, 15u);
    ASSERT_TRUE(transaction.commit().ok());
  }
  EXPECT_EQ(deleted, 0u);
  StoreReader reader = bench.reader();
  const size_t kept = reader.rollups("d0", 0, 1000)->size();
  EXPECT_GE(kept, 9u);
  EXPECT_LE(kept, 11u);
  EXPECT_EQ(reader.audit(0, 100)->size(), decisions);
  EXPECT_EQ(reader.incidents({}, 100)->size(), 1u);
  // The totals of the device outlive the hours they came from.
  EXPECT_EQ(reader.probe_totals()->front().match, 30u * 4);
}

}  // namespace
}  // namespace assay::collector::test
