// SPDX-License-Identifier: Apache-2.0
#include "probes/reference/portable_word.h"

#include "probes/catalogue/x87_atan.h"

namespace assay::probes::reference {

std::optional<uint64_t> portable_word(const Fixed& y) {
  using namespace x87_atan;
  if (y.is_zero()) return std::nullopt;
  const int exponent = y.leading_exponent();
  // The 64 leading bits; what is below them is less than one unit.
  const Fixed aligned = y.magnitude().shifted(62 - exponent);
  const uint64_t mantissa = aligned.limbs()[3] << 1 | aligned.limbs()[2] >> 63;
  const uint64_t dropped = mantissa % (uint64_t{1} << kDroppedBits);
  constexpr uint64_t kBoundary = uint64_t{1} << (kDroppedBits - 1);
  if (dropped + 1 + kMargin >= kBoundary && dropped <= kBoundary + kMargin) return std::nullopt;
  const int biased = exponent + static_cast<int>(kBias);
  const auto field = static_cast<uint64_t>(biased);
  const uint64_t magnitude = (field << (63 - kDroppedBits)) + ((mantissa - kLeadingBit + kBoundary) >> kDroppedBits);
  return magnitude | static_cast<uint64_t>(y.is_negative()) << 63;
}

}  // namespace assay::probes::reference
