// SPDX-License-Identifier: Apache-2.0
// Which units a process can come to at all. A share of an MPS server's threads, an execution affinity or a green context confines it to a part of the
// device: a unit outside is not busy but out of reach, and asking again is of no use. Pure; the questions are asked in confinement.h.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace assay::probes::cuda {

// What the driver and the environment say. Absent: not said.
struct ReachFacts {
  uint32_t device_units = 0;                  // of the device, or of the instance of MIG
  std::optional<uint32_t> context_units;      // of the context: fewer in a green one
  std::optional<uint32_t> affinity_units;     // of the context's execution affinity, under MPS
  bool mps = false;                           // a client of an MPS server
  std::optional<double> thread_percentage;    // CUDA_MPS_ACTIVE_THREAD_PERCENTAGE, of such a client
};

struct Reach {
  uint32_t units = 0;    // at once, at most
  std::string why;       // what confines the process, in words; "": nothing does
  // Whether the driver may have told a share of the device's units for all of them, as it does clients of MPS.
  bool of_a_share = false;

  bool is_confined() const { return !why.empty(); }
};

// A number of zero is none.
Reach reach_of(const ReachFacts& facts);

// What a census has met so far.
struct CensusSoFar {
  uint32_t launches = 0;
  uint32_t seen = 0;       // different units
  uint32_t without_news = 0;  // launches in a row that met no unit that was not known
};
inline constexpr uint32_t kMostCensusLaunches = 16;
inline constexpr uint32_t kQuietLaunches = 3;

// Whether another launch of the census may tell more. A free process asks until all units have answered; a confined one until nothing new comes, because
// where the driver puts it may change; both give up after kMostCensusLaunches.
bool census_goes_on(const Reach& reach, uint32_t device_units, const CensusSoFar& so_far);

}  // namespace assay::probes::cuda
