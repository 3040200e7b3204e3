// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/cuda/reach.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace assay::probes::cuda {
namespace {

bool is_part(std::optional<uint32_t> units, uint32_t of) { return units && *units > 0 && *units < of; }

}  // namespace

Reach reach_of(const ReachFacts& facts) {
  Reach reach{facts.device_units, "", facts.mps};
  if (is_part(facts.context_units, facts.device_units)) {
    reach = {*facts.context_units, fmt::format("its context has {} of {} units (a green context, or a share of MPS)", *facts.context_units, facts.device_units),
             facts.mps};
  }
  if (is_part(facts.affinity_units, reach.units)) {
    reach = {*facts.affinity_units, fmt::format("its execution affinity is {} of {} units", *facts.affinity_units, facts.device_units), facts.mps};
  }
  if (reach.is_confined() || !facts.thread_percentage || !(*facts.thread_percentage > 0 && *facts.thread_percentage < 100)) return reach;
  const double share = std::ceil(facts.device_units * *facts.thread_percentage / 100);
  return {std::clamp(static_cast<uint32_t>(share), 1U, std::max(facts.device_units, 1U)),
          fmt::format("CUDA_MPS_ACTIVE_THREAD_PERCENTAGE gives it {:.3g} % of the threads", *facts.thread_percentage), facts.mps};
}

bool census_goes_on(const Reach& reach, uint32_t device_units, const CensusSoFar& so_far) {
  if (so_far.launches >= kMostCensusLaunches) return false;
  if (so_far.seen < reach.units) return true;
  return reach.is_confined() && so_far.seen < device_units && so_far.without_news < kQuietLaunches;
}

}  // namespace assay::probes::cuda
