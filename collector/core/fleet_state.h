// SPDX-License-Identifier: Apache-2.0
// Everything the collector's rules remember, as plain data. The store is the truth: each record here is one row there, and the whole
// can be loaded again at any time. What is only a cache (peer folds, event gates) lives outside this struct.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "common/base/clock.h"
#include "common/model/device_state.h"
#include "common/model/report.h"

namespace assay::collector {

struct NodeRecord {
  std::string name;
  WallTime first_seen;
  WallTime last_report;               // collector's clock
  Duration clock_skew{};              // node's clock minus ours at the last report; the way there is in it
  std::string boot_id;
  std::string agent_version;
  uint64_t dropped_reports = 0;       // by the agent's spool
  bool silent = false;
  friend bool operator==(const NodeRecord&, const NodeRecord&) = default;
};

// What changes with every report.
struct DeviceLive {
  WallTime last_report;               // collector's clock
  DeviceState agent_state = DeviceState::kUnknown;
  Conditions conditions;
  Duration oldest_cell_age{};
  uint64_t cells = 0;
  uint64_t cells_covered = 0;
  double probe_ratio = 0;
  double budget_ratio = 0;
  AcceleratorReadings readings{};
  friend bool operator==(const DeviceLive&, const DeviceLive&) = default;
};

// Where a device stands, and since when and why.
struct Standing {
  DeviceState state = DeviceState::kUnknown;
  WallTime since;
  std::string incident_id;            // behind the state; "" when none
  uint64_t decision = 0;              // last decision about the device; 0 when none
  friend bool operator==(const Standing&, const Standing&) = default;
};

// A device and its two standings: what is real, and what a drill pretends. They never mix: a drill cannot hide or cause a real state.
struct DeviceRecord {
  Device device;
  std::string node;
  WallTime first_seen;
  Standing real;
  Standing drill;                     // kUnknown: no drill is going on
  std::optional<WallTime> last_quarantine;   // real ones only: what the breaker counts
  std::optional<WallTime> last_mismatch;     // real ones only: suspicion without an incident ages from here
  std::optional<WallTime> last_doubt;        // what the driver or the kernel said against its hardware; no answer of a probe
  uint32_t blind_observations = 0;    // "match" with a wrong digest, since the last release; real
  uint32_t blind_drill_observations = 0;
  uint64_t controls = 0;              // positive controls run, and those the detector missed
  uint64_t controls_missed = 0;
  DeviceLive live;

  // What people see: the real standing when it is a finding, else the drill's when there is one, else the real one.
  const Standing& shown() const;
  bool shown_is_synthetic() const { return &shown() == &drill; }
  friend bool operator==(const DeviceRecord&, const DeviceRecord&) = default;
};

// Runs of one device, without end; the hourly rollups hold the details for as long as they are kept.
struct ProbeCounts {
  uint64_t match = 0;                 // complete runs, re-checked here where there is a golden
  uint64_t mismatch = 0;
  uint64_t inconclusive = 0;          // unit visits that told nothing, or whose claim did not hold
  WallTime last;
  friend bool operator==(const ProbeCounts&, const ProbeCounts&) = default;
};
struct DeviceCounts {
  std::map<ProbeRef, ProbeCounts> probes;
  std::map<std::string, uint64_t> inconclusive_by_reason;   // names of Inconclusive, and "contradiction", "unchecked", "blind"
  friend bool operator==(const DeviceCounts&, const DeviceCounts&) = default;
};

enum class IncidentSource : uint8_t { kAgent, kCollector };
std::string_view to_string(IncidentSource source);  // "agent"

enum class IncidentStatus : uint8_t {
  kActive,
  kRetracted,   // the probe was at fault; never counts again
  kClosed,      // the device was released, retired or acted upon
};
std::string_view to_string(IncidentStatus status);  // "active"

// What the rules need of an incident; the whole of it is in the store.
struct IncidentView {
  std::string id;
  std::string node;
  std::string device_id;
  std::string cohort;
  uint32_t unit = 0;
  ProbeRef probe;
  GoldenTier tier = GoldenTier::kT0Analytic;
  uint32_t operand_set = 0;
  Synthetic synthetic = Synthetic::kNone;
  Verdict verdict = Verdict::kOpen;
  IncidentSource source = IncidentSource::kAgent;
  IncidentStatus status = IncidentStatus::kActive;
  std::optional<Digest> actual;
  WallTime opened;                    // agent's clock
  WallTime updated;                   // agent's clock
  WallTime received;                  // collector's clock, first time seen: what windows count by
  WallTime last_received;             // collector's clock, last change
  bool recurrence = false;            // admitted as the second unreproduced one, not by its own verdict
  bool unproven = false;              // condemns by its verdict, but its evidence does not bear that (evidence_gap)
  std::string pending;                // why an admitted-in-principle quarantine waits; "" when none waits
  uint32_t decided = 0;               // bit (1 << DecisionKind) for each kind of decision already made about it
  std::optional<DecisionKind> last_decision;
  bool ran_on_silicon = false;        // the agent's word about the variant
  friend bool operator==(const IncidentView&, const IncidentView&) = default;

  bool has(DecisionKind kind) const { return (decided & (1u << static_cast<uint32_t>(kind))) != 0; }
};
// Drills apart: whether it tells about the real device. A missed control is real although the control was planted.
bool is_drill(Synthetic synthetic);

// A probe that may not accuse in one cohort.
struct FreezeKey {
  ProbeRef probe;
  std::string cohort;
  friend auto operator<=>(const FreezeKey&, const FreezeKey&) = default;
};
struct Freeze {
  FreezeKey key;
  WallTime since;
  std::string reason;
  uint64_t decision = 0;
  friend bool operator==(const Freeze&, const Freeze&) = default;
};

// The circuit breaker. Open scopes refuse every real quarantine of theirs until an operator resets it.
struct BreakerState {
  std::map<std::string, WallTime> open;      // scope ("fleet" or a cohort key) and since when
  std::optional<WallTime> last_reset;        // quarantines before it no longer count
  friend bool operator==(const BreakerState&, const BreakerState&) = default;
};
inline constexpr char kFleetScope[] = "fleet";

enum class HookAction : uint8_t { kDrain, kUndrain };
std::string_view to_string(HookAction action);  // "drain"
// kPending: not done yet, tried again. kNone: no hook is configured for the decision (answers of the API; never stored).
enum class HookStatus : uint8_t { kPending, kDone, kFailed, kNone };
std::string_view to_string(HookStatus status);  // "pending"

// One hook run to its end: one per decision. The shell retries within its life; after a restart the core starts pending ones again.
struct HookRecord {
  uint64_t decision = 0;              // the idempotence key given to the hook
  HookAction action = HookAction::kDrain;
  std::string node;
  std::string device_id;
  std::string incident_id;
  std::string reason;
  bool synthetic = false;             // run the drill's hook
  bool closed = false;                // failed, and the device was released or retired since: no longer counted
  HookStatus status = HookStatus::kPending;
  ProbeRef probe;                     // of the incident, as are unit and verdict
  uint32_t unit = 0;
  Verdict verdict = Verdict::kOpen;
  uint32_t attempts = 0;              // finished ones
  std::optional<int> exit_code;
  std::string detail;                 // what the last attempt gave, one line
  WallTime updated;
  friend bool operator==(const HookRecord&, const HookRecord&) = default;
};

struct FleetState {
  std::map<std::string, NodeRecord> nodes;
  std::map<std::string, DeviceRecord> devices;
  std::map<std::string, DeviceCounts> counts;          // by device id
  std::map<std::string, IncidentView> incidents;       // recent, or behind a standing, or pending
  std::map<FreezeKey, Freeze> freezes;                 // in force
  BreakerState breaker;
  std::map<uint64_t, HookRecord> hooks;                // pending, and failed ones that are not closed; by decision
  uint64_t last_decision = 0;                          // number of the last one in the chain
  friend bool operator==(const FleetState&, const FleetState&) = default;
};

// Whether the rules can still need the incident at `now`: younger than the recurrence window, waiting, or behind a standing.
bool is_needed(const FleetState& state, const IncidentView& incident, WallTime now);
// Drops the others; the store keeps them. Called on load and on ticks.
void prune_incidents(FleetState& state, WallTime now);

}  // namespace assay::collector
