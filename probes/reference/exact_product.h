// SPDX-License-Identifier: Apache-2.0
// The exact sum of products behind one output of a grid GEMM, with the check that makes the golden portable.
#pragma once

#include <cstdint>
#include <vector>

#include "common/base/result.h"

namespace assay::probes::reference {

// Sum of a[t] * b[t], and, where a is longer, of each further turn of a with the same b. kInvalid when the sum of the positive products or the sum of the negative ones reaches `bound`:
// then partial sums need not be representable, results depend on the order, and there is no golden.
Result<int64_t> exact_dot(const std::vector<int64_t>& a, const std::vector<int64_t>& b, int64_t bound);

// The integer a with value == a * 2^unit; kInvalid when there is none under 2^53.
Result<int64_t> grid_integer(double value, int unit);

}  // namespace assay::probes::reference
