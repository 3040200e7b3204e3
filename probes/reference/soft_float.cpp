// SPDX-License-Identifier: Apache-2.0
#include "probes/reference/soft_float.h"

#include <algorithm>

#include "common/base/check.h"

namespace assay::probes::reference {
namespace {

__extension__ using Wide = unsigned __int128;

enum class Kind { kZero,
                  kFinite,
                  kInfinity,
                  kNan };

// (-1)^negative * mantissa * 2^exponent; finite mantissas are normalised to fraction_bits + 1 bits.
struct Parts {
  Kind kind = Kind::kZero;
  bool negative = false;
  uint64_t mantissa = 0;
  int exponent = 0;
};

int bias(FloatFormat format) {
  return (1 << (format.exponent_bits - 1)) - 1;
}
uint64_t infinity(FloatFormat format) {
  return ((uint64_t{1} << format.exponent_bits) - 1) << format.fraction_bits;
}
uint64_t quiet_nan(FloatFormat format) {
  return infinity(format) | uint64_t{1} << (format.fraction_bits - 1);
}
uint64_t with_sign(FloatFormat format, bool negative, uint64_t magnitude) {
  return magnitude | static_cast<uint64_t>(negative) << (format.fraction_bits + format.exponent_bits);
}

Parts unpack(FloatFormat format, uint64_t bits) {
  const uint64_t fraction = bits & ((uint64_t{1} << format.fraction_bits) - 1);
  const int field = static_cast<int>(bits >> format.fraction_bits & ((uint64_t{1} << format.exponent_bits) - 1));
  Parts parts;
  parts.negative = (bits >> (format.fraction_bits + format.exponent_bits) & 1) != 0;
  if (field == (1 << format.exponent_bits) - 1) {
    parts.kind = fraction == 0 ? Kind::kInfinity : Kind::kNan;
    return parts;
  }
  if (field == 0 && fraction == 0) return parts;
  parts.kind = Kind::kFinite;
  parts.mantissa = field == 0 ? fraction : fraction | uint64_t{1} << format.fraction_bits;
  parts.exponent = std::max(field, 1) - bias(format) - format.fraction_bits;
  while (parts.mantissa >> format.fraction_bits == 0) {
    parts.mantissa <<= 1;
    --parts.exponent;
  }
  return parts;
}

int bit_length(Wide value) {
  int length = 0;
  for (int by = 64; by > 0; by /= 2) {
    if (value >> by != 0) {
      value >>= by;
      length += by;
    }
  }
  return length + static_cast<int>(value);
}

// Shifts right, keeping "something was lost" in the lowest bit; left when negative.
Wide shift_sticky(Wide value, int by) {
  if (by <= 0) return value << -by;
  if (by >= 128) return value != 0 ? 1 : 0;
  return value >> by | static_cast<Wide>((value & ((static_cast<Wide>(1) << by) - 1)) != 0);
}

// magnitude * 2^exponent rounded to the format. The lowest bit of magnitude may be sticky when it has two bits more
// than the format.
uint64_t round_to_format(FloatFormat format, bool negative, Wide magnitude, int exponent) {
  if (magnitude == 0) return with_sign(format, negative, 0);
  const int least = 1 - bias(format) - format.fraction_bits;  // exponent of the last place of the smallest numbers
  const int last_place = std::max(exponent + bit_length(magnitude) - 1 - format.fraction_bits, least);
  // Two more bits than the result keeps: one to round by and the sticky one.
  const Wide extended = shift_sticky(magnitude, last_place - 2 - exponent);
  Wide kept = extended >> 2;
  const unsigned rest = static_cast<unsigned>(extended & 3);
  if (rest == 3 || (rest == 2 && (kept & 1) != 0)) ++kept;
  int field = last_place - least + 1;
  if (kept >> (format.fraction_bits + 1) != 0) {
    kept >>= 1;
    ++field;
  }
  if (kept >> format.fraction_bits == 0) field = 0;
  if (field >= (1 << format.exponent_bits) - 1) return with_sign(format, negative, infinity(format));
  const uint64_t fraction = static_cast<uint64_t>(kept) & ((uint64_t{1} << format.fraction_bits) - 1);
  return with_sign(format, negative, static_cast<uint64_t>(field) << format.fraction_bits | fraction);
}

}  // namespace

uint64_t soft_fma(FloatFormat format, uint64_t a, uint64_t b, uint64_t c) {
  const Parts x = unpack(format, a);
  const Parts y = unpack(format, b);
  const Parts z = unpack(format, c);
  const bool negative = x.negative != y.negative;
  if (x.kind == Kind::kNan || y.kind == Kind::kNan || z.kind == Kind::kNan) return quiet_nan(format);
  if (x.kind == Kind::kInfinity || y.kind == Kind::kInfinity) {
    const bool invalid =
        x.kind == Kind::kZero || y.kind == Kind::kZero || (z.kind == Kind::kInfinity && z.negative != negative);
    return invalid ? quiet_nan(format) : with_sign(format, negative, infinity(format));
  }
  if (z.kind == Kind::kInfinity) return with_sign(format, z.negative, infinity(format));
  if (x.kind == Kind::kZero || y.kind == Kind::kZero) {
    if (z.kind == Kind::kZero) return with_sign(format, negative && z.negative, 0);
    return c;
  }
  const Wide product = static_cast<Wide>(x.mantissa) * y.mantissa;
  const int exponent = x.exponent + y.exponent;
  if (z.kind == Kind::kZero) return round_to_format(format, negative, product, exponent);
  // Both on one scale whose bit 124 holds the higher leading bit. Bits are lost (sticky) only from the one that is so
  // much smaller that the difference keeps over 100 bits.
  const int top = std::max(exponent + bit_length(product), z.exponent + bit_length(z.mantissa));
  const int scale = top - 125;
  const Wide p = shift_sticky(product, scale - exponent);
  const Wide q = shift_sticky(z.mantissa, scale - z.exponent);
  if (negative == z.negative) return round_to_format(format, negative, p + q, scale);
  if (p == q) return 0;  // exact cancellation is +0 in this rounding mode
  return p > q ? round_to_format(format, negative, p - q, scale) : round_to_format(format, z.negative, q - p, scale);
}

uint64_t soft_add(FloatFormat format, uint64_t a, uint64_t b) {
  const uint64_t one = static_cast<uint64_t>(bias(format)) << format.fraction_bits;
  return soft_fma(format, a, one, b);
}

uint64_t soft_subtract(FloatFormat format, uint64_t a, uint64_t b) {
  return soft_add(format, a, b ^ with_sign(format, true, 0));
}

uint64_t soft_multiply(FloatFormat format, uint64_t a, uint64_t b) {
  // A zero of the product's own sign changes no sum.
  return soft_fma(format, a, b, (a ^ b) & with_sign(format, true, 0));
}

uint64_t soft_divide(FloatFormat format, uint64_t a, uint64_t b) {
  const Parts x = unpack(format, a);
  const Parts y = unpack(format, b);
  const bool negative = x.negative != y.negative;
  if (x.kind == Kind::kNan || y.kind == Kind::kNan || (x.kind == y.kind && x.kind != Kind::kFinite))
    return quiet_nan(format);
  if (x.kind == Kind::kInfinity || y.kind == Kind::kZero) return with_sign(format, negative, infinity(format));
  if (x.kind == Kind::kZero || y.kind == Kind::kInfinity) return with_sign(format, negative, 0);
  constexpr int kExtra = 66;  // quotient bits beyond the ratio of the mantissas: over 64 for either format
  const Wide numerator = static_cast<Wide>(x.mantissa) << kExtra;
  const Wide quotient = numerator / y.mantissa;
  const Wide sticky = numerator % y.mantissa != 0 ? 1 : 0;
  return round_to_format(format, negative, quotient | sticky, x.exponent - y.exponent - kExtra);
}

uint64_t soft_sqrt(FloatFormat format, uint64_t a) {
  const Parts x = unpack(format, a);
  if (x.kind == Kind::kZero || (x.kind == Kind::kInfinity && !x.negative)) return a;
  if (x.kind == Kind::kNan || x.negative) return quiet_nan(format);
  // An even exponent and a radicand of up to 126 bits; the root has over 60.
  int shift = 126 - bit_length(x.mantissa);
  if ((x.exponent - shift) % 2 != 0) --shift;
  Wide rest = static_cast<Wide>(x.mantissa) << shift;
  Wide root = 0;
  for (Wide bit = static_cast<Wide>(1) << 124; bit != 0; bit >>= 2) {  // digit by digit, as on paper
    if (rest >= root + bit) {
      rest -= root + bit;
      root = (root >> 1) + bit;
    } else {
      root >>= 1;
    }
  }
  return round_to_format(format, false, root | (rest != 0 ? 1 : 0), (x.exponent - shift) / 2);
}

uint64_t soft_convert(FloatFormat from, FloatFormat to, uint64_t a) {
  const Parts x = unpack(from, a);
  switch (x.kind) {
    case Kind::kNan:
      return quiet_nan(to);
    case Kind::kInfinity:
      return with_sign(to, x.negative, infinity(to));
    case Kind::kZero:
      return with_sign(to, x.negative, 0);
    case Kind::kFinite:
      break;
  }
  return round_to_format(to, x.negative, x.mantissa, x.exponent);
}

uint64_t soft_from_integer(FloatFormat format, int64_t value) {
  const bool negative = value < 0;
  const uint64_t magnitude = negative ? ~static_cast<uint64_t>(value) + 1 : static_cast<uint64_t>(value);
  return round_to_format(format, negative, magnitude, 0);
}

int64_t soft_to_integer(FloatFormat format, uint64_t a, ToInteger rounding) {
  const Parts x = unpack(format, a);
  ASSAY_CHECK(x.kind == Kind::kZero || x.kind == Kind::kFinite);
  ASSAY_CHECK(x.exponent + format.fraction_bits < 63);
  if (x.kind == Kind::kZero) return 0;
  const Wide quarters = shift_sticky(x.mantissa, -x.exponent - 2);
  uint64_t magnitude = static_cast<uint64_t>(quarters >> 2);
  const unsigned rest = static_cast<unsigned>(quarters & 3);
  if (rounding == ToInteger::kNearestEven && (rest == 3 || (rest == 2 && (magnitude & 1) != 0))) ++magnitude;
  return x.negative ? -static_cast<int64_t>(magnitude) : static_cast<int64_t>(magnitude);
}

bool soft_less(FloatFormat format, uint64_t a, uint64_t b) {
  // Sign and magnitude as one number with the order of the reals.
  const uint64_t sign = with_sign(format, true, 0);
  const auto place = [sign](uint64_t bits) {
    const auto magnitude = static_cast<int64_t>(bits & (sign - 1));
    return (bits & sign) != 0 ? -magnitude : magnitude;
  };
  return place(a) < place(b);
}

}  // namespace assay::probes::reference
