// SPDX-License-Identifier: Apache-2.0
// The workbench of one step: the state being changed, the time, and the actions gathered so far. The rules are functions over it.
// A record changed several times within a step is saved once, at the end.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "collector/core/action.h"
#include "collector/core/fleet_state.h"
#include "collector/core/peer_comparison.h"
#include "collector/core/policy_options.h"
#include "collector/core/probe_book.h"

namespace assay::collector {

// Monotone counts since the core was made.
struct FleetCounters {
  uint64_t reports = 0;
  uint64_t observations = 0;
  uint64_t rechecked_runs = 0;
  uint64_t blind = 0;                 // unit results: "match" with a wrong digest
  uint64_t contradictions = 0;
  uint64_t unchecked = 0;
  uint64_t minorities = 0;
  uint64_t controls = 0;
  uint64_t controls_missed = 0;
  uint64_t refused_items = 0;         // observations, devices, incidents a node may not speak for
  uint64_t skipped_slices = 0;        // as agents report them, all reasons
  std::map<std::string, uint64_t> decisions;   // by kind
};

// Caches that a restart may lose.
struct Memory {
  PeerComparison peers;
  std::map<std::string, WallTime> said;        // notices that would repeat with every report, by key
  std::set<uint64_t> started_hooks;            // decisions whose hook the shell has in hand
  std::optional<WallTime> last_aging;
};

class Step {
 public:
  Step(FleetState& fleet, Memory& caches, FleetCounters& totals, const PolicyOptions& policy, const ProbeBook& probe_book, WallTime at)
      : state(fleet), memory(caches), counters(totals), options(policy), book(probe_book), now(at) {}

  FleetState& state;
  Memory& memory;
  FleetCounters& counters;
  const PolicyOptions& options;
  const ProbeBook& book;
  const WallTime now;

  // References stay valid for the whole step; nothing erases devices. `device` must exist.
  DeviceRecord& device(const std::string& id);
  // nullptr when unknown.
  DeviceRecord* find_device(const std::string& id);
  IncidentView* find_incident(const std::string& id);

  // Marks a record for saving at the end of the step.
  void changed(const DeviceRecord& device) { dirty_devices_.insert(device.device.id); }
  void changed(const NodeRecord& node) { dirty_nodes_.insert(node.name); }
  void changed(const IncidentView& incident) { dirty_incidents_.insert(incident.id); }
  // Marks a device whose live data alone changed.
  void touched(const DeviceRecord& device) { touched_devices_.insert(device.device.id); }
  // Saves the whole incident with whatever its view is at the end.
  void keep_whole(const Incident& incident) { whole_incidents_[incident.id] = incident; }
  void act(Action action) { actions_.push_back(std::move(action)); }

  void note(Notice notice);
  // At most once an hour for one key, for conditions that every report would repeat.
  void note_rarely(const std::string& key, Notice notice);

  // Moves the real or the drill standing by the table of device_state.h; a change is noted. Gives the state after. A drill that would
  // return to service or to probation is over: its standing is cleared.
  enum class World : uint8_t { kReal, kDrill };
  static Standing& standing(DeviceRecord& device, World world) { return world == World::kReal ? device.real : device.drill; }
  DeviceState move(DeviceRecord& device, World world, StateEvent event, const std::string& incident_id);

  // Appends a decision to the chain: number and time are filled in here. Gives the number.
  uint64_t decide(Decision decision);
  // The same about an incident and its device; remembered at both.
  uint64_t decide_about(DecisionKind kind, IncidentView& incident, std::string reason);

  // All actions, saves of changed records first.
  std::vector<Action> finish();

 private:
  std::vector<Action> actions_;
  std::set<std::string> dirty_devices_;
  std::set<std::string> touched_devices_;
  std::set<std::string> dirty_nodes_;
  std::set<std::string> dirty_incidents_;
  std::map<std::string, Incident> whole_incidents_;
};

// Which standing an incident or observation is about.
Step::World world_of(Synthetic synthetic);

}  // namespace assay::collector
