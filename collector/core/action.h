// SPDX-License-Identifier: Apache-2.0
// What the rules want done. The shell commits all Save/Add/Record/Note actions of a step in one transaction and only then performs
// StartHook and SendCommand. If the commit fails it throws the core away and loads it again.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "collector/core/fleet_state.h"

namespace assay::collector {

struct SaveNode { NodeRecord node; };
// Facts and standings of a device.
struct SaveDevice { DeviceRecord device; };
// Only what each report changes; the device is already saved, or is in the same step.
struct TouchDevice { std::string device_id; DeviceLive live; };

// What a device can run, as its agent told last; for people, no rule reads it.
struct SaveOffers { std::string device_id; WallTime updated; std::vector<ProbeOffer> offers; };

// An incident, whole, with what the rules hold about it; or the latter alone.
struct SaveIncident { Incident incident; IncidentView view; };
struct UpdateIncident { IncidentView view; };

// Kept whole: mismatches, hangs, crashes, and what the re-check found.
struct SaveObservation {
  std::string node;
  WallTime received;
  std::string finding;                // "mismatch", "hang", "crash", "blind", "contradiction", "minority"
  Observation observation;
};

// Passes and all else of one (device, probe, hour), to be added to what is there.
struct Rollup {
  std::string device_id;
  ProbeRef probe;
  int64_t hour = 0;                   // hours since 1970-01-01T00Z, collector's clock
  uint64_t match = 0;
  uint64_t mismatch = 0;
  uint64_t inconclusive = 0;
  uint64_t rechecked = 0;             // runs whose digest the collector recomputed
  uint64_t controls = 0;
  uint64_t controls_missed = 0;
  Duration busy{};                    // unit-time
  std::string units;                  // bitmap of units visited: bit (u % 8) of byte u / 8
  std::map<std::string, uint64_t> reasons;   // of the inconclusive ones
  struct Range { double low = 0; double high = 0; friend bool operator==(const Range&, const Range&) = default; };
  std::optional<Range> temperature_celsius;
  std::optional<Range> power_watts;
  std::optional<Range> clock_hertz;
  WallTime last;
  friend bool operator==(const Rollup&, const Rollup&) = default;
};
// Adds `more` (same key) to `into`; the store and the core sum alike.
void merge(Rollup& into, const Rollup& more);

struct AddRollup { Rollup rollup; };

// The next link of the chain: number and time are filled in, the store hashes and signs it.
struct RecordDecision { Decision decision; };

struct SaveFreeze { Freeze freeze; };
struct EraseFreeze { FreezeKey key; };
struct SaveBreaker { BreakerState breaker; };
struct SaveHook { HookRecord hook; };

// Run the hook, after those started before it, until it is done or given up; one HookFinished follows each attempt, also when the
// program could not be started. After a restart pending ones are started again: hooks are idempotent by decision number.
struct StartHook { HookRecord hook; };

// To be carried by the reply to the report being handled. May be lost: it is repeated while the agent's state differs.
struct SendCommand { std::string node; Command command; };

// A line of the fleet's diary, for people and `GET /v1/events`. Kinds: docs/reference/store.md.
struct Notice {
  std::string kind;                   // "node_silent"
  std::string node;
  std::string device_id;
  std::string incident_id;
  bool synthetic = false;
  std::string text;
  friend bool operator==(const Notice&, const Notice&) = default;
};
struct NoteEvent { WallTime at; Notice notice; };

using Action = std::variant<SaveNode, SaveDevice, TouchDevice, SaveOffers, SaveIncident, UpdateIncident, SaveObservation, AddRollup, RecordDecision,
                            SaveFreeze, EraseFreeze, SaveBreaker, SaveHook, StartHook, SendCommand, NoteEvent>;

}  // namespace assay::collector
