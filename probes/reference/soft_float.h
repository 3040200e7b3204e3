// SPDX-License-Identifier: Apache-2.0
// IEEE 754 binary arithmetic in integers: exact intermediate results, one rounding to nearest even. Works on bit
// patterns; no floating-point instruction is used. Denormals, zeros and infinities are handled; every NaN result is the
// quiet one without a payload.
#pragma once

#include <cstdint>

namespace assay::probes::reference {

struct FloatFormat {
  int fraction_bits;
  int exponent_bits;
};
inline constexpr FloatFormat kBinary64{52, 11};
inline constexpr FloatFormat kBinary32{23, 8};
inline constexpr FloatFormat kBinary16{10, 5};
inline constexpr FloatFormat kBfloat16{7, 8};

// a * b + c.
uint64_t soft_fma(FloatFormat format, uint64_t a, uint64_t b, uint64_t c);
// a + b, a - b, a * b.
uint64_t soft_add(FloatFormat format, uint64_t a, uint64_t b);
uint64_t soft_subtract(FloatFormat format, uint64_t a, uint64_t b);
uint64_t soft_multiply(FloatFormat format, uint64_t a, uint64_t b);
// a / b.
uint64_t soft_divide(FloatFormat format, uint64_t a, uint64_t b);
uint64_t soft_sqrt(FloatFormat format, uint64_t a);

// A number of one format in another.
uint64_t soft_convert(FloatFormat from, FloatFormat to, uint64_t a);
uint64_t soft_from_integer(FloatFormat format, int64_t value);
enum class ToInteger { kTruncate,
                       kNearestEven };
// a must be finite and the result within int64_t.
int64_t soft_to_integer(FloatFormat format, uint64_t a, ToInteger rounding);
// a < b of numbers that are not NaN; the zeros are equal.
bool soft_less(FloatFormat format, uint64_t a, uint64_t b);

}  // namespace assay::probes::reference
