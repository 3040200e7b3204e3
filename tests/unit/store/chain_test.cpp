// SPDX-License-Identifier: Apache-2.0
// The chain of decisions as an auditor sees it.
#include <gtest/gtest.h>

#include "common/crypto/hash.h"
#include "common/crypto/signing.h"
#include "tests/unit/store/store_bench.h"

namespace assay::collector::test {
namespace {

TEST(DecisionChain, EachLinkNamesTheOneBeforeAndIsSigned) {
  assay::test::TempDir directory;
  const crypto::SigningKey key = crypto::SigningKey::generate();
  StoreOptions options{directory / "collector.db", [&](std::string_view message) { return key.sign_hex(message); }, {}};
  Store store = std::move(Store::open(options)).value();
  FleetBench fleet;
  fleet.populate(3);
  fleet.condemn("d0");
  fleet.step(OperatorRelease{"d0", "ann", "line one\nline=two"});
  fleet.condemn("d1");
  ASSERT_TRUE(commit(store, fleet.all).ok());

  const auto entries = StoreReader::open(options.path)->audit(0, 100);
  ASSERT_TRUE(entries.ok());
  ASSERT_EQ(entries->size(), 3u);
  std::string previous(64, '0');
  uint64_t number = 0;
  for (const AuditEntry& entry : *entries) {
    EXPECT_EQ(entry.decision.number, ++number);
    EXPECT_EQ(entry.previous_hash, previous);
    EXPECT_EQ(entry.canonical, canonical_text(entry.decision));
    EXPECT_EQ(entry.hash, crypto::sha256_hex(previous + "\n" + entry.canonical));
    EXPECT_TRUE(crypto::verify_signature(key.public_hex(), entry.hash, entry.signature).ok());
    previous = entry.hash;
  }
}

TEST(DecisionChain, RefusesGapsAndRepeats) {
  StoreBench bench;
  Decision decision;
  decision.at = bench.fleet.now;
  decision.number = 1;
  ASSERT_TRUE(commit(bench.store, {RecordDecision{decision}}).ok());
  EXPECT_EQ(commit(bench.store, {RecordDecision{decision}}).error().code, ErrorCode::kConflict);
  decision.number = 3;
  EXPECT_EQ(commit(bench.store, {RecordDecision{decision}}).error().code, ErrorCode::kConflict);
  decision.number = 2;
  EXPECT_TRUE(commit(bench.store, {RecordDecision{decision}}).ok());
}

TEST(DecisionChain, WithoutAKeyNothingIsDecided) {
  assay::test::TempDir directory;
  Store store = std::move(Store::open({directory / "collector.db", {}, {}})).value();
  Decision decision;
  decision.number = 1;
  EXPECT_FALSE(commit(store, {RecordDecision{decision}}).ok());
}

}  // namespace
}  // namespace assay::collector::test
