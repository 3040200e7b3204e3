// SPDX-License-Identifier: Apache-2.0
// Checks the log of decisions: every link is recomputed here from the decision's own fields, so that a changed word, a missing entry or a
// foreign signature shows. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "common/base/result.h"
#include "ctl/command.h"
#include "ctl/json_value.h"

namespace assay::ctl {

// A link somebody wrote down earlier: the chain must still hold it. Catches a log that was cut off or made anew with the same key.
struct AuditPin {
  uint64_t number = 0;
  std::string hash;
};
// "12:9f86d0…" with 64 hexadecimal digits.
Result<AuditPin> parse_audit_pin(std::string_view text);

// Takes the entries in order, page by page. Stops judging at the first broken link.
class AuditChain {
 public:
  // `public_key` 64 hexadecimal digits; a pin is optional.
  AuditChain(std::string public_key, std::optional<AuditPin> pin) : public_key_(std::move(public_key)), pin_(std::move(pin)) {}
  // One AuditEntry of the API. Once broken, further entries change nothing.
  void add(const JsonValue& entry);
  // To be called after the last entry: a pin that was never met breaks the chain.
  void finish();

  bool broken() const { return !problem_.empty(); }
  // "decision 17: its signature is not of this key"; "" while all is well.
  const std::string& problem() const { return problem_; }
  uint64_t broken_number() const { return broken_number_; }
  uint64_t checked() const { return checked_; }          // entries that are right
  const std::string& head() const { return head_; }      // hash of the last of them, 64 zeros before the first
  uint64_t last_number() const { return last_number_; }
  const std::string& public_key() const { return public_key_; }

 private:
  void fail(uint64_t number, std::string_view what);
  std::string public_key_;
  std::optional<AuditPin> pin_;
  std::string problem_;
  uint64_t broken_number_ = 0;
  uint64_t checked_ = 0;
  uint64_t last_number_ = 0;
  std::string head_ = std::string(64, '0');
};

std::string audit_json(const AuditChain& chain);
std::string audit_text(const AuditChain& chain, const View& view);

}  // namespace assay::ctl
