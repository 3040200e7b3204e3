// SPDX-License-Identifier: Apache-2.0
#include "agent/core/xid_table.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "common/base/parse.h"

namespace assay::agent {
namespace {

constexpr std::array<std::string_view, 8> kActions = {"none", "watch", "retest", "quarantine", "drain_reset", "drain_reboot", "by_severity", "by_text"};
constexpr std::string_view kHead = "kind\tfirst\tlast\tmnemonic\tmeaning\tclass\taction\tcount\twindow\tvendor_action\tsource";
constexpr size_t kColumns = 11;
constexpr uint64_t kCodeMost = 999'999;

bool is_token(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; });
}

Result<XidRule> parse_row(std::string_view line) {
  const auto wrong = [](std::string_view what) { return make_error(ErrorCode::kInvalid, std::string(what)); };
  const auto cells = split(line, '\t');
  if (cells.size() != kColumns) return wrong(fmt::format("{} columns, there must be {}", cells.size(), kColumns));
  for (const std::string_view cell : cells) {
    if (cell.empty()) return wrong("a column is empty");
  }
  XidRule rule;
  if (cells[0] != "xid" && cells[0] != "sxid") return wrong("kind must be xid or sxid");
  rule.kind = cells[0] == "xid" ? XidKind::kXid : XidKind::kSxid;
  const auto first = parse_u64(cells[1]);
  const auto last = parse_u64(cells[2]);
  if (!first.ok() || !last.ok() || *first > *last || *last > kCodeMost) return wrong("first and last must be numbers, in order");
  rule.first = static_cast<uint32_t>(*first);
  rule.last = static_cast<uint32_t>(*last);
  rule.mnemonic = cells[3];
  rule.meaning = cells[4];
  rule.xid_class = cells[5];
  if (!is_token(rule.xid_class)) return wrong("class must be of a-z, 0-9 and _");
  rule.action = TRY(parse_xid_action(cells[6]));
  const auto count = parse_u64(cells[7]);
  const auto window = parse_duration(cells[8]);
  if (!count.ok() || *count == 0 || *count > XidTable::kCountMost) return wrong(fmt::format("count must be 1 to {}", XidTable::kCountMost));
  if (!window.ok() || *window <= Duration::zero() || *window > XidTable::kWindowMost) return wrong("window must be a duration of at most 30 d");
  rule.count = static_cast<uint32_t>(*count);
  rule.window = *window;
  rule.vendor_action = cells[9];
  rule.source = cells[10];
  return rule;
}

}  // namespace

std::string_view to_string(XidAction action) { return kActions[static_cast<size_t>(action)]; }

Result<XidAction> parse_xid_action(std::string_view text) {
  const auto found = std::ranges::find(kActions, text);
  if (found == kActions.end()) {
    return make_error(ErrorCode::kInvalid, fmt::format("'{}' is not an action: choose one of {}", text.substr(0, 64), fmt::join(kActions, ", ")));
  }
  return static_cast<XidAction>(found - kActions.begin());
}

Result<XidTable> XidTable::parse(std::string_view text, std::string_view name) {
  XidTable table;
  size_t number = 0;
  bool head = false;
  for (const std::string_view line : split(text, '\n')) {
    ++number;
    if (line.empty() || line.starts_with('#')) continue;
    const auto at = [&](std::string_view what) { return make_error(ErrorCode::kInvalid, fmt::format("{}:{}: {}", name, number, what)); };
    if (!head) {
      if (line != kHead) return at("the first line must name the columns: " + std::string(kHead));
      head = true;
      continue;
    }
    auto rule = parse_row(line);
    if (!rule.ok()) return at(rule.error().message);
    for (const XidRule& other : table.rows_) {
      if (other.kind == rule->kind && rule->first <= other.last && other.first <= rule->last) return at(fmt::format("code {} is there twice", std::max(rule->first, other.first)));
    }
    table.rows_.push_back(std::move(*rule));
  }
  if (!head) return make_error(ErrorCode::kInvalid, fmt::format("{}: no table", name));
  return table;
}

bool doubts_hardware(std::string_view xid_class, XidAction action) {
  constexpr std::array<std::string_view, 6> kOthers = {"application", "driver", "software", "confidential_computing", "fabric", "power"};
  const bool asks = action == XidAction::kRetest || action == XidAction::kQuarantine || action == XidAction::kDrainReset || action == XidAction::kDrainReboot;
  return asks && std::ranges::find(kOthers, xid_class) == kOthers.end();
}

XidRule XidTable::rule_of(XidKind kind, uint32_t code) const {
  XidRule rule;
  rule.kind = kind;
  rule.first = rule.last = code;
  rule.mnemonic = "UNCLASSIFIED";
  rule.xid_class = "unclassified";
  const auto row = std::ranges::find_if(rows_, [&](const XidRule& known) { return known.kind == kind && known.first <= code && code <= known.last; });
  if (row != rows_.end()) rule = *row;
  for (const XidOverride& own : overrides_) {
    if (own.kind != kind || own.code != code) continue;
    rule.action = own.action;
    rule.count = own.count;
    rule.window = own.window;
  }
  return rule;
}

}  // namespace assay::agent
