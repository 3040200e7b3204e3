// SPDX-License-Identifier: Apache-2.0
// What a simulated fleet is made of and what goes wrong in it. Everything else follows from the seed.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "common/base/clock.h"
#include "common/model/device_state.h"

namespace assay::sim {

// A unit that computes wrong: each run of the probe gives a wrong digest with this probability.
struct BadUnit {
  uint32_t node = 0;
  uint32_t unit = 0;
  int probe = -1;                    // index; -1: every probe
  double per_run = 1.0;
};

// A golden that is wrong in the release: agents and collector hold the same wrong digest for one operand set.
struct BadGolden {
  uint32_t probe = 0;
  uint32_t operand_set = 0;
};

struct Plan {
  uint64_t seed = 1;
  uint32_t nodes = 12;
  uint32_t units = 4;                // of each node's one device
  Duration length{std::chrono::minutes{20}};
  Duration calm{std::chrono::minutes{5}};   // at the end: nothing more fails, everything must come to rest
  PolicyMode mode = PolicyMode::kEnforce;

  // Faults of silicon and of people.
  std::vector<BadUnit> bad_units;
  std::vector<BadGolden> bad_goldens;
  std::vector<uint32_t> blind_nodes;        // the comparator says match whatever it sees; their unit 0 computes wrong
  std::vector<uint32_t> damaged_tables;     // nodes whose own golden table is wrong in memory: they accuse healthy silicon

  // Faults of the world: chances per message, and mean times between events (zero: never).
  double lose = 0.05;
  double duplicate = 0.02;
  Duration longest_delay{std::chrono::milliseconds{800}};   // each message takes up to this, so they overtake one another
  Duration agent_crash_every{};             // of each agent
  Duration collector_crash_every{};
  Duration full_disk_every{};               // of the collector's store: commits fail for a while
  Duration clock_jump_every{};              // of a random node or of the collector: wall clocks only, up to an hour either way
};

}  // namespace assay::sim
