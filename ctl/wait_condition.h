// SPDX-License-Identifier: Apache-2.0
// What `assayctl wait` can wait for, and whether a document of the API shows that it came true. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ctl/command.h"
#include "ctl/json_value.h"

namespace assay::ctl {

struct WaitCondition {
  enum class Kind { kQuarantine, kDrain, kIncident, kResults, kNodes };
  Kind kind = Kind::kQuarantine;
  std::string device;         // id, or "any"; for kQuarantine, kDrain and kIncident
  uint64_t count = 0;         // for kResults (runs with a result) and kNodes (nodes that report)
};
// "quarantine of any device".
std::string to_string(const WaitCondition& condition);
// The target whose answer decides the condition.
std::string target_of(const WaitCondition& condition);

struct WaitProgress {
  bool met = false;
  std::string detail;         // what is there now: "1,024 of 5,000 results"
};
WaitProgress progress_of(const WaitCondition& condition, const JsonValue& document);

struct WaitResult {
  std::vector<WaitCondition> conditions;
  std::vector<WaitProgress> progress;   // of each, as last seen
  double waited_s = 0;
  bool met() const;
};
std::string wait_json(const WaitResult& result);
std::string wait_text(const WaitResult& result);

}  // namespace assay::ctl
