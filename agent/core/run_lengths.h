// SPDX-License-Identifier: Apache-2.0
// How long one run of each lane (a probe in one variant) takes on this device, learned from its slices: a probe that does not fit a slice gets
// more time, and an operator sees what a pass over everything costs.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "agent/core/slice.h"
#include "agent/core/variants.h"
#include "common/base/result.h"

namespace assay::agent {

// Not thread-safe.
class RunLengths {
 public:
  explicit RunLengths(size_t lanes) : lanes_(lanes) {}

  // From a paced slice of the lane: one in which a unit had no time for a run gets twice the time next, and half of it again once all of its
  // units fitted.
  void take(size_t lane, const SliceResult& result);
  uint8_t doublings(size_t lane) const { return lanes_[lane].doublings; }
  // Computing time of one run of a unit, smoothed over the last few slices; absent until one ran.
  std::optional<double> run_seconds(size_t lane) const { return lanes_[lane].seconds; }

  // For the durable state, by probe reference and variant. kCorrupt when the bytes are not from save(); what does not fit is left out.
  std::string save(std::span<const ProbeSpec> probes, const VariantTable& variants) const;
  Status restore(std::string_view bytes, std::span<const ProbeSpec> probes, const VariantTable& variants);

 private:
  struct Lane {
    uint8_t doublings = 0;
    std::optional<double> seconds;
  };
  std::vector<Lane> lanes_;
};

}  // namespace assay::agent
