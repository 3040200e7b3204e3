// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/cuda/launch_plan.h"

#include <fmt/format.h>

#include <algorithm>

namespace assay::probes::cuda {

Result<BlockPlan> plan_block(const DeviceProgram& program, const Chip& chip, uint32_t static_shared_bytes, uint32_t runs) {
  const uint32_t team_bytes = std::max(program.shape.memory_words * uint32_t{sizeof(uint64_t)}, 1U);
  const uint32_t most_bytes = chip.shared_bytes_per_block > static_shared_bytes ? chip.shared_bytes_per_block - static_shared_bytes : 0;
  const uint32_t teams = std::min({program.most_teams, kMostLanes / program.shape.lanes, most_bytes / team_bytes, std::max(runs, 1U)});
  if (teams == 0) {
    return make_error(ErrorCode::kUnsupported,
                      fmt::format("{} needs {} KiB of shared memory, a block of this chip gets {} KiB", program.kernel, team_bytes / 1024 + 1, most_bytes / 1024));
  }
  // Twice this, with what the driver keeps for each block, is more than a unit has.
  const uint32_t half = chip.shared_bytes_per_unit / 2 + 1024;
  const uint32_t needed = std::max(teams * team_bytes, half > static_shared_bytes ? half - static_shared_bytes : 0);
  if (needed > most_bytes) {
    return make_error(ErrorCode::kUnsupported, fmt::format("a block of this chip gets {} KiB of shared memory, too little to fill a unit", most_bytes / 1024));
  }
  return BlockPlan{teams, teams * program.shape.lanes, needed};
}

uint32_t runs_of_launch(uint32_t left, uint32_t teams, Duration time_of_round, Duration time) {
  if (time_of_round <= Duration::zero()) return std::min(left, teams);
  const auto rounds = std::max<int64_t>(time / time_of_round, 1);
  return static_cast<uint32_t>(std::min<int64_t>(left, rounds * teams));
}

uint32_t blocks_of_launch(uint32_t wanted, uint32_t unit_count, uint32_t launch) { return launch == 0 ? unit_count : wanted + unit_count; }

}  // namespace assay::probes::cuda
