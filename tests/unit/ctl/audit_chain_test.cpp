// SPDX-License-Identifier: Apache-2.0
#include "ctl/audit_chain.h"

#include <gtest/gtest.h>

#include "common/crypto/hash.h"
#include "common/crypto/signing.h"
#include "common/model/device_state.h"
#include "ctl/json_writer.h"

namespace assay::ctl {
namespace {

class AuditChainTest : public ::testing::Test {
 protected:
  static constexpr uint64_t kEntries = 4;

  AuditChainTest() {
    std::string previous(64, '0');
    for (uint64_t number = 1; number <= kEntries; ++number) {
      Decision decision;
      decision.number = number;
      decision.kind = number == kEntries ? DecisionKind::kBreakerReset : DecisionKind::kQuarantine;
      decision.at = from_unix_ms(1'800'000'000'000 + static_cast<int64_t>(number));
      decision.actor = "policy";
      decision.device_id = number == kEntries ? "" : "cpu-node-1-0";
      decision.reason = "line one\nline=two\\";
      decision.state_after = number == kEntries ? DeviceState::kUnknown : DeviceState::kQuarantined;
      const std::string hash = crypto::sha256_hex(previous + "\n" + canonical_text(decision));
      entries_.push_back(json(decision, previous, hash, key_.sign_hex(hash)));
      hashes_.push_back(hash);
      previous = hash;
    }
  }

  static std::string json(const Decision& decision, const std::string& previous, const std::string& hash, const std::string& signature) {
    JsonWriter out;
    out.begin_object().field("number", decision.number).field("kind", to_string(decision.kind)).field("at_unix_ms", to_unix_ms(decision.at));
    out.field("actor", decision.actor);
    if (!decision.device_id.empty()) out.field("device_id", decision.device_id);
    out.field("reason", decision.reason).field("synthetic", decision.synthetic).field("state_after", to_string(decision.state_after));
    out.field("canonical", canonical_text(decision)).field("previous_hash", previous).field("hash", hash).field("signature", signature);
    return out.end_object().take();
  }

  AuditChain check(std::optional<AuditPin> pin = {}) const {
    AuditChain chain(key_.public_hex(), std::move(pin));
    for (const std::string& entry : entries_) chain.add(parse_json_object(entry).value());
    chain.finish();
    return chain;
  }
  void replace(size_t entry, const std::string& what, const std::string& with) {
    const size_t at = entries_[entry].find(what);
    ASSERT_NE(at, std::string::npos);
    entries_[entry].replace(at, what.size(), with);
  }

  crypto::SigningKey key_ = crypto::SigningKey::generate();
  std::vector<std::string> entries_;
  std::vector<std::string> hashes_;
};

TEST_F(AuditChainTest, AnUntouchedLogIsIntact) {
  const AuditChain chain = check();
  EXPECT_FALSE(chain.broken()) << chain.problem();
  EXPECT_EQ(chain.checked(), kEntries);
  EXPECT_EQ(chain.head(), hashes_.back());
}

TEST_F(AuditChainTest, AChangedFieldIsFoundThoughItsCanonicalTextWasLeft) {
  replace(1, "\"actor\":\"policy\"", "\"actor\":\"nobody\"");
  const AuditChain chain = check();
  EXPECT_EQ(chain.broken_number(), 2U);
  EXPECT_NE(chain.problem().find("fields are not what was recorded"), std::string::npos);
  EXPECT_EQ(chain.checked(), 1U);
}

TEST_F(AuditChainTest, AChangedFieldAndCanonicalTextBreakTheHash) {
  replace(2, "\"actor\":\"policy\"", "\"actor\":\"nobody\"");
  replace(2, "actor=policy", "actor=nobody");
  EXPECT_NE(check().problem().find("decision 3: its hash"), std::string::npos) << check().problem();
}

TEST_F(AuditChainTest, AMissingEntryIsNamed) {
  entries_.erase(entries_.begin() + 1);
  EXPECT_EQ(check().problem(), "decision 2: missing; the log goes on with number 3");
}

TEST_F(AuditChainTest, AForeignSignatureIsFound) {
  const std::string foreign = crypto::SigningKey::generate().sign_hex(hashes_[0]);
  replace(0, key_.sign_hex(hashes_[0]), foreign);
  EXPECT_EQ(check().problem(), "decision 1: its signature is not of this key");
}

TEST_F(AuditChainTest, APinFindsALogThatWasCutOffOrMadeAnew) {
  EXPECT_FALSE(check(AuditPin{kEntries, hashes_.back()}).broken());
  EXPECT_EQ(check(AuditPin{2, std::string(64, 'a')}).broken_number(), 2U);
  entries_.pop_back();
  EXPECT_EQ(check(AuditPin{kEntries, hashes_.back()}).problem(), "decision 4: pinned, but the log ends at 3: it was cut off");
}

TEST_F(AuditChainTest, AnEmptyLogIsIntact) {
  entries_.clear();
  EXPECT_FALSE(check().broken());
}

TEST(AuditPin, IsNumberAndHash) {
  EXPECT_EQ(parse_audit_pin("12:" + std::string(64, 'a')).value().number, 12U);
  for (const char* text : {"", "12", "12:", "x:aa", "12:zz"}) EXPECT_FALSE(parse_audit_pin(text).ok()) << text;
}

}  // namespace
}  // namespace assay::ctl
