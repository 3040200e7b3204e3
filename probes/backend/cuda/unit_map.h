// SPDX-License-Identifier: Apache-2.0
// Hardware unit numbers (%smid) and indices of units 0 .. n-1. Numbers can have gaps and exceed the number of units, on parts with units switched off
// and on instances of MIG; an index must mean the same unit at every start.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "common/base/result.h"
#include "probes/backend/cuda/reach.h"

namespace assay::probes::cuda {

class UnitMap {
 public:
  // `bound`: numbers are below it (%nsmid); `seen`: those that a census met, in any order, each once or more. Where bound equals unit_count there can be
  // no gap and the map is the identity, whoever was seen. Otherwise all units must have been seen, and the index is the rank. kConflict: they were not,
  // because others hold some: try again when the device is idle; or the process is confined or has a share of MPS, and cannot know which unit is which.
  // kInternal: more were seen than there are.
  static Result<UnitMap> make(uint32_t unit_count, uint32_t bound, std::span<const uint32_t> seen, const Reach& reach);

  uint32_t unit_count() const { return static_cast<uint32_t>(hardware_.size()); }
  uint32_t bound() const { return static_cast<uint32_t>(index_.size()); }
  uint32_t hardware_of(uint32_t index) const { return hardware_[index]; }
  // Absent: no unit has that number.
  std::optional<uint32_t> index_of(uint32_t hardware) const;
  // Whether blocks of this process can get there: all of a process that is not confined, of others those that the census met.
  bool is_reachable(uint32_t index) const { return reachable_[index]; }
  uint32_t reachable_count() const { return static_cast<uint32_t>(std::ranges::count(reachable_, true)); }

 private:
  static Status check_gaps(uint32_t unit_count, size_t seen, const Reach& reach);

  std::vector<uint32_t> hardware_;
  std::vector<std::optional<uint32_t>> index_;
  std::vector<bool> reachable_;
};

}  // namespace assay::probes::cuda
