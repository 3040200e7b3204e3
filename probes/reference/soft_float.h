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

// a * b + c.
uint64_t soft_fma(FloatFormat format, uint64_t a, uint64_t b, uint64_t c);
// a / b.
uint64_t soft_divide(FloatFormat format, uint64_t a, uint64_t b);
uint64_t soft_sqrt(FloatFormat format, uint64_t a);

}  // namespace assay::probes::reference
