// SPDX-License-Identifier: Apache-2.0
#include "ctl/audit_chain.h"

#include <algorithm>

#include <fmt/format.h>

#include "common/base/parse.h"
#include "common/crypto/hash.h"
#include "common/crypto/signing.h"
#include "common/model/device_state.h"
#include "ctl/json_writer.h"
#include "ctl/page_text.h"

namespace assay::ctl {
namespace {

Result<DecisionKind> parse_decision_kind(std::string_view text) {
  for (uint8_t i = 0; i <= static_cast<uint8_t>(kLastDecisionKind); ++i) {
    if (to_string(static_cast<DecisionKind>(i)) == text) return static_cast<DecisionKind>(i);
  }
  return make_error(ErrorCode::kInvalid, fmt::format("kind '{}' is unknown to this assayctl", text));
}

// The decision an entry's fields speak of, for its canonical text.
Result<Decision> decision_of(const JsonValue& entry) {
  Decision decision;
  const auto number = entry.number("number");
  const auto at = entry.integer("at_unix_ms");
  if (!number || !at) return make_error(ErrorCode::kInvalid, "number or time is missing");
  decision.number = *number;
  decision.kind = TRY(parse_decision_kind(entry.text_or("kind", "")));
  decision.at = from_unix_ms(*at);
  decision.actor = entry.text_or("actor", "");
  decision.node = entry.text_or("node", "");
  decision.device_id = entry.text_or("device_id", "");
  decision.incident_id = entry.text_or("incident_id", "");
  decision.probe = entry.text_or("probe", "");
  decision.reason = entry.text_or("reason", "");
  decision.synthetic = entry.flag("synthetic");
  decision.state_after = TRY(parse_device_state(entry.text_or("state_after", "")));
  return decision;
}

}  // namespace

Result<AuditPin> parse_audit_pin(std::string_view text) {
  const size_t colon = text.find(':');
  const auto number = parse_u64(text.substr(0, colon));
  const std::string_view hash = colon == std::string_view::npos ? "" : text.substr(colon + 1);
  if (!number || hash.size() != 64 || !hex_decode(hash).ok()) {
    return make_error(ErrorCode::kInvalid, fmt::format("'{}' is not a pin: write NUMBER:HASH as assayctl audit verify printed it", text.substr(0, 80)));
  }
  return AuditPin{*number, std::string(hash)};
}

void AuditChain::fail(uint64_t number, std::string_view what) {
  problem_ = fmt::format("decision {}: {}", number, what);
  broken_number_ = number;
}

void AuditChain::add(const JsonValue& entry) {
  if (broken()) return;
  const uint64_t expected = last_number_ + 1;
  const auto decision = decision_of(entry);
  if (!decision) return fail(entry.number("number").value_or(expected), decision.error().message);
  if (decision->number != expected) return fail(expected, fmt::format("missing; the log goes on with number {}", decision->number));
  const std::string canonical = canonical_text(*decision);
  if (entry.text_or("canonical", canonical) != canonical) return fail(expected, "its fields are not what was recorded");
  if (entry.text_or("previous_hash", "") != head_) return fail(expected, "it does not follow the one before it");
  const std::string hash = crypto::sha256_hex(head_ + "\n" + canonical);
  if (entry.text_or("hash", "") != hash) return fail(expected, "its hash does not belong to its content");
  if (!crypto::verify_signature(public_key_, hash, entry.text_or("signature", "")).ok()) return fail(expected, "its signature is not of this key");
  if (pin_ && pin_->number == expected && pin_->hash != hash) return fail(expected, "it is another than the pinned one: the log was made anew");
  head_ = hash;
  last_number_ = expected;
  ++checked_;
}

void AuditChain::finish() {
  if (!broken() && pin_ && pin_->number > last_number_) fail(pin_->number, fmt::format("pinned, but the log ends at {}: it was cut off", last_number_));
}

std::string audit_json(const AuditChain& chain) {
  JsonWriter json;
  json.begin_object().field("intact", !chain.broken()).field("checked", chain.checked()).field("last_number", chain.last_number());
  json.field("head", chain.head()).field("public_key", chain.public_key());
  if (chain.broken()) json.field("broken_number", chain.broken_number()).field("problem", chain.problem());
  return json.end_object().take();
}

std::string audit_text(const AuditChain& chain, const View& view) {
  PageText page(view);
  if (chain.broken()) {
    page.heading("audit log BROKEN at " + chain.problem(), Tone::kBad);
    page.field("intact until", fmt::format("decision {}", chain.last_number()));
  } else {
    page.heading("audit log intact: " + plural(chain.checked(), "decision"), Tone::kGood);
    if (chain.checked() > 0) page.field("pin", fmt::format("{}:{}", chain.last_number(), chain.head()));
  }
  page.field("public key", chain.public_key());
  return page.take();
}

}  // namespace assay::ctl
