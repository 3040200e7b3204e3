// SPDX-License-Identifier: Apache-2.0
#include "agent/core/skip.h"

namespace assay::agent {

std::string_view to_string(SkipReason reason) {
  constexpr std::array<std::string_view, 9> kNames = {"none", "budget",       "not_due", "device_suspect_busy", "runner_down",
                                                      "load", "memory_short", "paused",  "unsupported"};
  static_assert(kNames.size() == static_cast<size_t>(kLastSkipReason) + 1);
  return kNames[static_cast<size_t>(reason)];
}

std::map<std::string, uint64_t> SkipCounts::by_name() const {
  std::map<std::string, uint64_t> named;
  for (size_t i = 1; i < counts_.size(); ++i) {
    if (counts_[i] > 0) named.emplace(to_string(static_cast<SkipReason>(i)), counts_[i]);
  }
  return named;
}

}  // namespace assay::agent
