// SPDX-License-Identifier: Apache-2.0
// A burst for any vector type. Included, inside an anonymous namespace, by the file of each instruction set. V gives Register,
// from_bits(word), fma(a, b, c) and keep(register), which makes the compiler believe that the result is wanted.

// Chains enough to fill two units of five cycles; factors with full mantissas just below one, so that values stay finite and their bits
// keep changing.
template <typename V>
inline void heavy_burst() {
  constexpr int kChains = 12;
  constexpr uint32_t kIterations = 10'000;
  typename V::Register x[kChains];
#pragma GCC unroll 12
  for (int i = 0; i < kChains; ++i) x[i] = V::from_bits(0x3FF5'5AA5'C33C'9669 + static_cast<uint64_t>(i) * 0x0000'1234'5678'9ABC);
  const typename V::Register a = V::from_bits(0xBFEF'FDB9'7531'ECA9);
  const typename V::Register b = V::from_bits(0x3FF6'A09E'667F'3BCD);
  for (uint32_t n = 0; n < kIterations; ++n) {
#pragma GCC unroll 12
    for (int i = 0; i < kChains; ++i) x[i] = V::fma(x[i], a, b);
  }
#pragma GCC unroll 12
  for (int i = 0; i < kChains; ++i) V::keep(x[i]);
}
