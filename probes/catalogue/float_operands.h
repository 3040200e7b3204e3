// SPDX-License-Identifier: Apache-2.0
// The operands that the chains of floating-point arithmetic share (fma.h, addmul.h, div.h): a random state, and parameters of random sign and
// mantissa with exponents -8..7. Part of the definition of those probes: another bit here is a new version of each.
#pragma once

#include <cstdint>
#include <span>

#include "common/base/random.h"

namespace assay::probes {

// State first, then parameters, one word of `random` each. A word is one FP64 number, or two of FP32, the first in the low half.
void draw_operands_f64(Random random, std::span<uint64_t> state, std::span<uint64_t> params);
void draw_operands_f32(Random random, std::span<uint64_t> state, std::span<uint64_t> params);

}  // namespace assay::probes
