// SPDX-License-Identifier: Apache-2.0
// What can happen to the collector's rules. The shell makes these from requests, finished hooks and its timer.
#pragma once

#include <optional>
#include <string>
#include <variant>

#include "collector/core/fleet_state.h"
#include "common/model/report.h"

namespace assay::collector {

// A report that was not applied before; its node is the authenticated one (the shell checks both).
struct ReportReceived {
  Report report;
};

// An attempt of a started hook ended. kPending: it failed and the shell will try again by itself; kFailed: it gave up.
struct HookFinished {
  uint64_t decision = 0;
  HookStatus status = HookStatus::kDone;
  uint32_t attempts = 0;              // made so far
  std::optional<int> exit_code;
  std::string detail;                 // one line
};

// Operators. A refused one gives a status and no actions: kNotFound, kInvalid (no reason given), kConflict (not in that state).
struct OperatorRelease {
  std::string device_id;
  std::string actor;
  std::string reason;
};
struct OperatorRetire {
  std::string device_id;
  std::string actor;
  std::string reason;
};
struct UnfreezeProbe {
  std::string probe;                  // an id, or a reference "id/version"
  std::optional<std::string> cohort;  // absent: in every cohort
  std::string actor;
  std::string reason;
};
struct BreakerReset {
  std::string actor;
  std::string reason;
};

// Time passes; send one every second or so, and one right after loading.
struct Tick {};

using Event = std::variant<ReportReceived, HookFinished, OperatorRelease, OperatorRetire, UnfreezeProbe, BreakerReset, Tick>;

}  // namespace assay::collector
