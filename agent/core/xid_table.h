// SPDX-License-Identifier: Apache-2.0
// What an Xid means and what is proposed for it: a table that is data (agent/telemetry/xid.tsv), with a site's own rules before it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/core/xid_line.h"
#include "common/base/clock.h"
#include "common/base/result.h"

namespace assay::agent {

// What is proposed to an operator: the agent itself never drains. By severity and by text: the line decides.
enum class XidAction : uint8_t { kNone, kWatch, kRetest, kQuarantine, kDrainReset, kDrainReboot, kBySeverity, kByText };
std::string_view to_string(XidAction action);  // "drain_reset"
Result<XidAction> parse_xid_action(std::string_view text);

struct XidRule {
  XidKind kind = XidKind::kXid;
  uint32_t first = 0;                    // codes first..last
  uint32_t last = 0;
  std::string mnemonic;                  // "GPU_ECC_DBE"
  std::string meaning;
  std::string xid_class;                 // "memory_uncorrectable"
  XidAction action = XidAction::kWatch;
  uint32_t count = 1;                    // so many on one GPU ...
  Duration window{std::chrono::minutes{10}};   // ... within this are a finding
  std::string vendor_action;
  std::string source;
};

// A site's own word: action, count and window of a code; class and meaning stay those of the table.
struct XidOverride {
  XidKind kind = XidKind::kXid;
  uint32_t code = 0;
  XidAction action = XidAction::kWatch;
  uint32_t count = 1;
  Duration window{std::chrono::minutes{10}};
  friend bool operator==(const XidOverride&, const XidOverride&) = default;
};

// Whether a finding puts the GPU's own hardware in doubt, so that its probes matter more: something is to be done about it, and it is not the fault of an
// application, the software around it, a link, or the power supply.
bool doubts_hardware(std::string_view xid_class, XidAction action);

class XidTable {
 public:
  static constexpr uint32_t kCountMost = 64;
  static constexpr Duration kWindowMost{std::chrono::hours{24 * 30}};

  // Errors begin "NAME:LINE: ". Codes may be in one row only; every row has a source.
  static Result<XidTable> parse(std::string_view text, std::string_view name);
  void override_with(std::vector<XidOverride> overrides) { overrides_ = std::move(overrides); }
  // A code of no row is "unclassified", and watched.
  XidRule rule_of(XidKind kind, uint32_t code) const;
  const std::vector<XidRule>& rows() const { return rows_; }

 private:
  std::vector<XidRule> rows_;
  std::vector<XidOverride> overrides_;
};

}  // namespace assay::agent
