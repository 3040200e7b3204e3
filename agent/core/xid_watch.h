// SPDX-License-Identifier: Apache-2.0
// Counts the Xids of each GPU and decides which of them are a finding: enough of one code within the window of its rule, told once and not again
// while it persists. A last-value gauge would lose all but one; this counts each.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <tuple>

#include "agent/core/news.h"
#include "agent/core/xid_table.h"

namespace assay::agent {

// GPU or switch, by its PCI address, and the number.
struct XidKey {
  std::string pci_bus_id;
  XidKind kind = XidKind::kXid;
  uint32_t code = 0;
  friend auto operator<=>(const XidKey&, const XidKey&) = default;
};

// Pure; not thread-safe.
class XidWatch {
 public:
  static constexpr size_t kKeysMost = 1024;                       // what is over is counted by overflow() alone
  static constexpr Duration kQuiet{std::chrono::minutes{3}};      // at least, between findings of one key: NVSentinel's choice too
  static constexpr Duration kOneFault{std::chrono::seconds{10}};  // an error of memory comes as several Xids within seconds

  explicit XidWatch(XidTable table) : table_(std::move(table)) {}

  // One line of the log (or event of NVML) that happened at `at`; lines come in order of time. `name`: the UUID of the GPU, or "".
  News step(const XidLine& line, MonoTime at, std::string_view name);

  struct Count {
    uint64_t seen = 0;
    std::string xid_class;
    MonoTime last;                          // of the latest one
  };
  const std::map<XidKey, Count>& counts() const { return counts_; }
  // By device and action.
  const std::map<std::tuple<std::string, XidKind, XidAction>, uint64_t>& findings() const { return findings_; }
  uint64_t overflow() const { return overflow_; }
  const XidTable& table() const { return table_; }

  // What must survive a restart within one boot: the times that windows need. restore() ignores what does not read back.
  std::string memory() const;
  void restore(std::string_view memory);

 private:
  struct Recent {
    std::deque<MonoTime> times;             // the last ones, as many as the rule asks for
    std::optional<MonoTime> told;
  };
  struct Told {
    MonoTime at;
    XidAction action = XidAction::kNone;
  };
  bool is_part_of_a_told_fault(const XidKey& key, const XidRule& rule, XidAction action, MonoTime at) const;

  XidTable table_;
  std::map<XidKey, Count> counts_;
  std::map<XidKey, Recent> recent_;
  std::map<std::string, Told> last_memory_fault_;   // by device
  std::map<std::tuple<std::string, XidKind, XidAction>, uint64_t> findings_;
  uint64_t overflow_ = 0;
};

// What a rule proposes for this very line.
XidAction action_of(const XidRule& rule, const XidLine& line);

}  // namespace assay::agent
