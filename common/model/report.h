// SPDX-License-Identifier: Apache-2.0
// What an agent sends and what it gets back. A report is applied once: (node, stream, sequence) names it.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "common/model/accelerator_readings.h"
#include "common/model/device_state.h"
#include "common/model/incident.h"

namespace assay {

// State of one device as its agent sees it.
struct DeviceStatus {
  Device device;
  DeviceState state = DeviceState::kUnknown;     // the agent's view; the collector's word counts
  Conditions conditions;
  Duration oldest_cell_age{};                    // age of the least recently covered cell (probe x variant x unit); if never, since it is known
  uint64_t cells = 0;                            // probe x variant x unit
  uint64_t cells_covered = 0;                    // visited at least once since the agent first started
  double probe_ratio = 0;                        // measured share of unit-seconds spent on probing, sliding hour
  double budget_ratio = 0;                       // configured
  AcceleratorReadings readings{};                // empty for processors
  std::optional<std::vector<ProbeOffer>> offers{};   // absent: as told before; they are sent now and then
};

// What an agent found that is no answer of a probe: an Xid, a driver call that hung, memory errors that grew. A line for the fleet's diary, and
// where it speaks against the device itself a reason to probe it more often; it never drains.
struct AgentFinding {
  WallTime at;
  std::string kind;                              // "xid", "hung_driver_call", "gpu_errors", "backend_failed"; later agents may have others
  std::string device_id;                         // "" when it is about none that is known
  std::string text;                              // one line, at most limits::kTextChars
  bool suspects = false;                         // the hardware is in doubt, not only a job or a cable
  friend bool operator==(const AgentFinding&, const AgentFinding&) = default;
};

struct Report {
  std::string node;
  std::string stream;                            // random id of the agent's spool; sequences count within it
  uint64_t sequence = 0;                         // from 1; gaps mean dropped rollups
  std::string boot_id;
  std::string agent_version;
  Instant sent;                                  // agent's clocks
  std::vector<DeviceStatus> devices;             // all of the node
  std::vector<Observation> observations;         // since the last report
  std::vector<Incident> incidents;               // opened or changed since the last report, each whole
  std::vector<AgentFinding> findings;                 // since the last report
  std::map<std::string, uint64_t> skips;         // slices not run since the last report, by reason
  uint64_t dropped_reports = 0;                  // by the spool since it was created
};

// What the collector tells an agent.
struct Command {
  enum class Kind : uint8_t { kSetState };
  Kind kind = Kind::kSetState;
  std::string device_id;
  DeviceState state = DeviceState::kUnknown;
  uint64_t decision = 0;                         // number of the decision behind it; 0 when none
};

// Sent only after the report is durably committed (or was before).
struct ReportAck {
  std::string stream;
  uint64_t sequence = 0;
  bool duplicate = false;
  WallTime collector_time;
  std::vector<Command> commands;
};

}  // namespace assay
