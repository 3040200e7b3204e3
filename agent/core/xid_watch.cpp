// SPDX-License-Identifier: Apache-2.0
#include "agent/core/xid_watch.h"

#include <algorithm>

#include <fmt/format.h>

#include "common/base/bytes.h"

namespace assay::agent {
namespace {

constexpr uint8_t kMemoryVersion = 1;
constexpr uint32_t kFallenOffTheBus = 79;

// Xid 154 says "changed from 0x0 (None) to 0x2 (Node Reboot Required)": what it changed to counts.
XidAction action_by_text(std::string_view detail) {
  const size_t to = detail.rfind(" to ");
  const std::string_view end = to == std::string_view::npos ? detail : detail.substr(to);
  const auto says = [&](std::string_view word) { return end.find(word) != std::string_view::npos; };
  if (says("Reboot")) return XidAction::kDrainReboot;
  if (says("Reset")) return XidAction::kDrainReset;
  return says("(None)") ? XidAction::kNone : XidAction::kWatch;
}

uint64_t to_ns(MonoTime time) { return static_cast<uint64_t>(time.time_since_epoch().count()); }
MonoTime from_ns(uint64_t ns) { return MonoTime(Duration(static_cast<int64_t>(ns))); }

}  // namespace

XidAction action_of(const XidRule& rule, const XidLine& line) {
  if (rule.action == XidAction::kBySeverity) return line.severity == XidSeverity::kFatal ? XidAction::kDrainReset : XidAction::kWatch;
  return rule.action == XidAction::kByText ? action_by_text(line.detail) : rule.action;
}

// One fault of memory shows as 48 with 63 or 64, 94 or 95, 154, 171 or 172: the first, and any that asks for more, are told.
bool XidWatch::is_part_of_a_told_fault(const XidKey& key, const XidRule& rule, XidAction action, MonoTime at) const {
  const auto last = last_memory_fault_.find(key.pci_bus_id);
  const bool related = rule.xid_class.starts_with("memory_") || rule.xid_class == "recovery_action";
  return related && last != last_memory_fault_.end() && at - last->second.at <= kOneFault && action <= last->second.action;
}

News XidWatch::step(const XidLine& line, MonoTime at, std::string_view name) {
  News news;
  const XidKey key{line.pci_bus_id, line.kind, line.code};
  if (!counts_.contains(key) && counts_.size() >= kKeysMost) {
    ++overflow_;
    return news;
  }
  Recent& recent = recent_[key];
  // The same event in other words.
  if (line.implied && line.code == kFallenOffTheBus && !recent.times.empty() && at - recent.times.back() <= kOneFault) return news;
  const XidRule rule = table_.rule_of(line.kind, line.code);
  Count& count = counts_[key];
  ++count.seen;
  count.xid_class = rule.xid_class;
  count.last = std::max(count.last, at);
  news.memory_changed = true;

  recent.times.push_back(at);
  while (recent.times.size() > rule.count || at - recent.times.front() > rule.window) recent.times.pop_front();
  const XidAction action = action_of(rule, line);
  if (action == XidAction::kNone || recent.times.size() < rule.count) return news;
  if (recent.told && at - *recent.told < std::max<Duration>(kQuiet, rule.window)) return news;
  recent.told = at;
  if (is_part_of_a_told_fault(key, rule, action, at)) return news;
  if (rule.xid_class.starts_with("memory_")) last_memory_fault_[key.pci_bus_id] = {at, action};

  ++findings_[{key.pci_bus_id, key.kind, action}];
  news.urgent = true;
  std::string text = fmt::format("gpu={} pci_bus_id={} {}={} {} class={} proposed={}", name.empty() ? "unknown" : name, line.pci_bus_id, to_string(line.kind),
                                 line.code, rule.mnemonic, rule.xid_class, to_string(action));
  if (rule.count > 1) text += fmt::format(" count={} window={}", rule.count, format_span(rule.window));
  if (!line.detail.empty()) text += fmt::format(" said=\"{}\"", line.detail);
  news.remarks.push_back({RemarkKind::kXid, false, std::move(text), std::string(name), doubts_hardware(rule.xid_class, action)});
  return news;
}

std::string XidWatch::memory() const {
  ByteWriter out;
  out.u8(kMemoryVersion);
  out.u32(static_cast<uint32_t>(recent_.size()));
  for (const auto& [key, recent] : recent_) {
    out.text(key.pci_bus_id);
    out.u8(static_cast<uint8_t>(key.kind));
    out.u32(key.code);
    out.u32(static_cast<uint32_t>(recent.times.size()));
    for (const MonoTime time : recent.times) out.u64(to_ns(time));
    out.u8(recent.told ? 1 : 0);
    out.u64(recent.told ? to_ns(*recent.told) : 0);
  }
  return out.take();
}

void XidWatch::restore(std::string_view memory) {
  ByteReader in(memory);
  if (in.u8() != kMemoryVersion) return;
  std::map<XidKey, Recent> restored;
  const uint32_t keys = in.count(kKeysMost);
  for (uint32_t i = 0; i < keys && in.ok(); ++i) {
    XidKey key;
    key.pci_bus_id = in.text(32);
    key.kind = in.enumerator(XidKind::kSxid);
    key.code = in.u32();
    Recent recent;
    const uint32_t times = in.count(XidTable::kCountMost);
    for (uint32_t j = 0; j < times && in.ok(); ++j) recent.times.push_back(from_ns(in.u64()));
    const bool told = in.u8() == 1;
    const MonoTime when = from_ns(in.u64());
    if (told) recent.told = when;
    restored[std::move(key)] = std::move(recent);
  }
  if (in.complete()) recent_ = std::move(restored);
}

}  // namespace assay::agent
