// SPDX-License-Identifier: Apache-2.0
// The 80-bit extended format of x87 in integers: exact intermediate results, one rounding of the 64-bit mantissa to
// nearest even. Zeros and normal numbers only: there are no exponent limits here, whoever calls stays away from them.
#pragma once

#include <cstdint>

namespace assay::probes::reference {

// As in memory: bit 63 of the mantissa is the leading one, sign_exponent has the sign in bit 15 and the exponent with
// bias 16383. A zero has mantissa and exponent 0.
struct Extended {
  uint64_t mantissa = 0;
  uint16_t sign_exponent = 0;
  friend bool operator==(const Extended&, const Extended&) = default;
};

Extended extended_add(Extended x, Extended y);
Extended extended_subtract(Extended x, Extended y);
Extended extended_multiply(Extended x, Extended y);
// y must not be zero.
Extended extended_divide(Extended x, Extended y);
// x must not be negative.
Extended extended_sqrt(Extended x);
// x * 2^by, exact.
Extended extended_scale(Extended x, int by);
// To an integer, ties to even.
Extended extended_round(Extended x);
// x - y * q, exact, for q = x / y rounded to zero or to nearest even; y is not zero and its exponent at most 63 under
// that of x.
enum class Quotient { kTruncated,
                      kNearestEven };
Extended extended_remainder(Extended x, Extended y, Quotient quotient);

}  // namespace assay::probes::reference
