// SPDX-License-Identifier: Apache-2.0
#include "probes/reference/exact_product.h"

#include <fmt/format.h>

#include <cmath>

#include "common/base/check.h"

namespace assay::probes::reference {

__extension__ using Wide = __int128;

Result<int64_t> exact_dot(const std::vector<int64_t>& a, const std::vector<int64_t>& b, int64_t bound) {
  ASSAY_CHECK(!b.empty() && a.size() % b.size() == 0);
  Wide positive = 0;
  Wide negative = 0;
  for (size_t turn = 0; turn < a.size(); turn += b.size()) {
    for (size_t t = 0; t < b.size(); ++t) {
      const Wide product = static_cast<Wide>(a[turn + t]) * b[t];
      const Wide sign = product >> 127;  // 0 or -1, without a branch that random data would mispredict
      positive += product & ~sign;
      negative -= product & sign;
    }
  }
  if (positive >= bound || negative >= bound) {
    return make_error(
        ErrorCode::kInvalid,
        fmt::format("the products of one output reach the exact bound {}; choose smaller operands", bound));
  }
  return static_cast<int64_t>(positive - negative);
}

Result<int64_t> grid_integer(double value, int unit) {
  const double scaled = std::ldexp(value, -unit);
  if (!(std::fabs(scaled) < 0x1p53) || scaled != std::nearbyint(scaled)) {
    return make_error(ErrorCode::kInvalid, fmt::format("operand {} is not an integer times 2^{}", value, unit));
  }
  return static_cast<int64_t>(scaled);
}

}  // namespace assay::probes::reference
