// SPDX-License-Identifier: Apache-2.0
// The simulated silicon: what a slice of a device gives, right or wrong, and the ledger of what was truly computed.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "agent/core/slice.h"
#include "common/base/random.h"
#include "common/model/device.h"
#include "tests/sim/plan.h"

namespace assay::sim {

// The probes of the simulated catalogue and their true digests.
std::span<const ProbeSpec> sim_probes();
Digest true_digest(size_t probe, uint32_t operand_set);
// What the release ships: true, but for the plan's bad goldens.
std::vector<Digest> shipped_goldens(const Plan& plan, size_t probe);

// The device of one node. Single-threaded.
class Silicon {
 public:
  Silicon(const Plan& plan, uint32_t node);

  const Device& device() const { return device_; }
  // Whether any unit of it ever computes wrong, or its comparator is blind: only such a device may be drained.
  bool is_bad() const;
  // Computes the slice: 5 ms a run, as many runs as the order's budget and limit allow. A planted control is seen unless blind.
  agent::SliceResult compute(const agent::SliceOrder& order, WallTime now);

 private:
  bool computes_wrong(uint32_t unit, size_t probe);
  void run_unit(const agent::SliceOrder& order, size_t probe, UnitResult& result, std::vector<Digest>& digests);

  const Plan& plan_;
  uint32_t node_;
  Device device_;
  bool blind_ = false;
  std::vector<std::vector<Digest>> goldens_;   // by probe: the table in this node's memory
  Random random_;
};

}  // namespace assay::sim
