// SPDX-License-Identifier: Apache-2.0
// A vote among the units of one device, for probes that have no golden (tier T3): units that ran the same operand set must have given the same digest.
// What most of them gave stands for the golden; where no vote comes about nothing was compared, and nothing passes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <utility>

#include "common/base/digest.h"

namespace assay::probes {

// By operand set.
using AgreedDigests = std::map<uint32_t, Digest>;

// What the runs of one unit gave. One thread.
class UnitBallot {
 public:
  static constexpr size_t kMostKinds = 4096;  // of (operand set, digest): a bound on memory that only a unit which computes at random comes to

  struct Kind {
    uint32_t first_run = 0;
    uint32_t runs = 0;
  };
  using Kinds = std::map<std::pair<uint32_t, Digest>, Kind>;

  // Runs come in order.
  void add(uint32_t run, uint32_t operand_set, const Digest& digest);
  const Kinds& kinds() const { return kinds_; }
  // Whether all runs are in kinds().
  bool is_whole() const { return whole_; }
  // Its first digest of each operand set: a unit has one vote, however often it ran.
  AgreedDigests votes() const;

 private:
  Kinds kinds_;
  bool whole_ = true;
};

// The digest of more than half of the units that ran an operand set, where these are at least kMinVoters (of two that differ nobody knows which is
// right). Each ballot is of another unit.
AgreedDigests agree(std::span<const UnitBallot* const> ballots);

}  // namespace assay::probes
