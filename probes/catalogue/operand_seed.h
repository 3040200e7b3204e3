// SPDX-License-Identifier: Apache-2.0
// Where the operands of a set come from: one generator per (probe id, version, set), equal on every machine.
#pragma once

#include <cstdint>
#include <string_view>

#include "common/base/random.h"

namespace assay::probes {

// The generator of an operand set; a new version of a probe has new operands.
inline Random operand_random(std::string_view probe_id, uint32_t version, uint32_t operand_set) {
  return Random(seed_from(probe_id, static_cast<uint64_t>(version) << 32 | operand_set));
}

}  // namespace assay::probes
