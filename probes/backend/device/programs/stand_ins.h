// SPDX-License-Identifier: Apache-2.0
// What plain C++ takes for the approximate instructions of a special function unit (sfu_approx.inl), which no CPU has: IEEE operations in a written order,
// so that every build gives the same bits. Of the simulated device and of tests; they say nothing about a chip.
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>

namespace assay::probes::device::stand_in {

inline constexpr float kRounding = 0x1.8p23F;  // added and taken away again: rounds to an integer

// Horner's rule over coefficients from the highest power down.
template <typename... Rest>
inline float horner(float x, float sum, Rest... rest) {
  ((sum = sum * x + rest), ...);
  return sum;
}

inline float reciprocal(float x) { return 1.0F / x; }
inline float inverse_root(float x) { return 1.0F / std::sqrt(x); }

// 2^x for |x| <= 64: Taylor series of the fraction.
inline float exp2(float x) {
  const float sum = x + kRounding;
  const float f = x - (sum - kRounding);
  const float p = horner(f, 0x1.430912p-13F, 0x1.5d87fep-10F, 0x1.3b2ab6p-7F, 0x1.c6b08ep-5F, 0x1.ebfbep-3F, 0x1.62e43p-1F, 1.0F);
  return std::bit_cast<float>(std::bit_cast<uint32_t>(p) + (std::bit_cast<uint32_t>(sum) << 23));
}

// For normal x > 0: exponent, and 2/ln 2 times the series of atanh((m - 1) / (m + 1)) for a mantissa m around 1.
inline float log2(float x) {
  const auto bits = std::bit_cast<uint32_t>(x);
  const int32_t e = static_cast<int32_t>(bits - 0x3F3504F3) >> 23;
  const float m = std::bit_cast<float>(bits - (static_cast<uint32_t>(e) << 23));
  const float z = (m - 1.0F) / (m + 1.0F);
  return static_cast<float>(e) + z * horner(z * z, 0x1.484b14p-2F, 0x1.a61762p-2F, 0x1.2776c6p-1F, 0x1.ec709ep-1F, 0x1.715476p+1F);
}

// sin(x + turn * pi/2) for |x| <= 8: series on a quarter.
inline float turned_sine(float x, uint32_t turn) {
  const float sum = x * 0x1.45f306p-1F + kRounding;
  const float n = sum - kRounding;
  const float r = (x - n * 0x1.92p+0F) - n * 0x1.fb5444p-12F;   // pi/2 in two parts, the first one short
  const float square = r * r;
  const uint32_t quarter = (std::bit_cast<uint32_t>(sum) + turn) % 4;
  const float sine = r * horner(square, -0x1.a01a02p-13F, 0x1.111112p-7F, -0x1.555556p-3F, 1.0F);
  const float cosine = horner(square, 0x1.a01a02p-16F, -0x1.6c16c2p-10F, 0x1.555556p-5F, -0.5F, 1.0F);
  const float value = quarter % 2 == 0 ? sine : cosine;
  return quarter < 2 ? value : -value;
}
inline float sine(float x) { return turned_sine(x, 0); }
inline float cosine(float x) { return turned_sine(x, 1); }

}  // namespace assay::probes::device::stand_in
