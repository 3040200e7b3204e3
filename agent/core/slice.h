// SPDX-License-Identifier: Apache-2.0
// One slice of work for a device, as the cores of the agent speak of it: what to run, why, and what came back. The shell turns an
// order into a runner request (adds CPU numbers and goldens) and the runner's answer, or its death, into a result.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "common/base/clock.h"
#include "common/base/digest.h"
#include "common/model/observation.h"
#include "common/model/probe_spec.h"
#include "probes/runner/protocol.h"

namespace assay::agent {

// Why a slice is run. Only rotation, exploration and control slices are paced by the budget; the others are charged to it.
enum class Purpose : uint8_t {
  kRotation,     // the weighted rotation's turn
  kExploration,  // the cell that was covered longest ago
  kControl,      // a planted bit flip that must be seen
  kLadder,       // a retest of an open incident
  kIsolation,    // one unit alone, after a slice of several units hung or crashed
  kOnDemand,     // asked for over the local socket
};
std::string_view to_string(Purpose purpose);  // "rotation"

// Plain data. `probe` points into the catalogue, which outlives every core.
struct SliceOrder {
  uint64_t id = 0;                            // unique within the device since the start
  Purpose purpose = Purpose::kRotation;
  const ProbeSpec* probe = nullptr;
  std::string variant;                        // "": the strongest that the runner has
  std::vector<probes::UnitWork> work;         // never empty
  uint32_t set_count = 1;
  uint32_t max_runs = 0;                      // per unit; 0: until the budget is spent
  Duration budget{};
  Synthetic synthetic = Synthetic::kNone;
  probes::Injection injection;                // kNone: nothing is planted
  bool report_digests = false;
  probes::PowerSteps power_steps;             // none: runs follow each other
};

// What an order gave. `observation.units` has one entry per entry of `work`, in the same order; a death of the runner shows as
// kHang, kCrash or kRunnerError on all of them.
struct SliceResult {
  Observation observation;
  bool golden_rehash_ok = true;               // false: the runner's golden table no longer hashed to what it was given
  std::vector<std::vector<Digest>> digests;   // per unit, per run, when asked for; may be shorter or empty
  Duration occupied{};                        // time each unit is charged for: what it computed, not what it waited
  Duration host{};                            // time of a core that the slice took beside its units: expected words, launches, diagnosis
};

// How much of the order's budget a unit computes: all of it, or without the idle of power steps.
Duration work_time(const SliceOrder& order);
// Unit-seconds that the result cost: time occupied times units, and the host's time, a second of a core for a second of a unit.
double cost_unit_seconds(const SliceResult& result);
// A result for an order that gave nothing: every unit inconclusive for `reason`.
SliceResult failed_result(const SliceOrder& order, Inconclusive reason, WallTime started, Duration occupied);

}  // namespace assay::agent
