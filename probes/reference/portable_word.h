// SPDX-License-Identifier: Apache-2.0
// The rounding that makes results of approximating units portable: x87_atan.h.
#pragma once

#include <cstdint>
#include <optional>

#include "probes/reference/fixed_point.h"

namespace assay::probes::reference {

// word(y) of x87_atan.h for the exact value y (known to 2^-180). Nothing where y is zero, or where a unit whose error is
// up to kMargin units of the last place of a 64-bit mantissa could give another word.
std::optional<uint64_t> portable_word(const Fixed& y);

}  // namespace assay::probes::reference
