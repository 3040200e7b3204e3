// SPDX-License-Identifier: Apache-2.0
// Why a slice that was due was not run. Every reason is counted and exported by name: a budget that is never spent must show.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace assay::agent {

enum class SkipReason : uint8_t {
  kNone,
  kBudget,             // the token bucket cannot pay for it yet
  kNotDue,             // asked before the next slice may start
  kDeviceSuspectBusy,  // retests of an incident have the device
  kRunnerDown,         // the runner is being restarted
  kLoad,               // CPU pressure is over the configured threshold
  kMemoryShort,        // less memory is available than the probe and the reserve need
  kPaused,             // by configuration, or the device is in repair or retired
  kUnsupported,        // no probe of the catalogue can run on any unit
};
inline constexpr SkipReason kLastSkipReason = SkipReason::kUnsupported;
std::string_view to_string(SkipReason reason);  // "memory_short"

// Counters by reason. Not thread-safe.
class SkipCounts {
 public:
  void add(SkipReason reason) { ++counts_[static_cast<size_t>(reason)]; }
  uint64_t count(SkipReason reason) const { return counts_[static_cast<size_t>(reason)]; }
  // The reasons seen, by name, without kNone.
  std::map<std::string, uint64_t> by_name() const;

 private:
  std::array<uint64_t, static_cast<size_t>(kLastSkipReason) + 1> counts_{};
};

}  // namespace assay::agent
