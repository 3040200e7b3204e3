// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/host/minmax/variants.h"
#include "probes/catalogue/minmax.h"

namespace assay::probes::host {
namespace {

template <typename Lane>
constexpr unsigned kBits = 8 * sizeof(Lane);

template <typename Lane>
Lane lane(uint64_t word, unsigned shift) {
  return static_cast<Lane>(word >> shift);
}
// The bits of a lane, in its place. The cast to unsigned of the same width keeps a sign from spreading.
inline uint64_t in_place(uint8_t bits, unsigned shift) { return static_cast<uint64_t>(bits) << shift; }
inline uint64_t in_place(uint16_t bits, unsigned shift) { return static_cast<uint64_t>(bits) << shift; }
inline uint64_t in_place(uint32_t bits, unsigned shift) { return static_cast<uint64_t>(bits) << shift; }
inline uint64_t in_place(uint64_t bits, unsigned shift) { return bits << shift; }

template <typename Lane, typename Unsigned>
uint64_t min_of(uint64_t x, uint64_t y) {
  uint64_t word = 0;
  for (unsigned shift = 0; shift < 64; shift += kBits<Lane>) {
    const Lane a = lane<Lane>(x, shift);
    const Lane b = lane<Lane>(y, shift);
    word |= in_place(static_cast<Unsigned>(a < b ? a : b), shift);
  }
  return word;
}
template <typename Lane, typename Unsigned>
uint64_t max_of(uint64_t x, uint64_t y) {
  uint64_t word = 0;
  for (unsigned shift = 0; shift < 64; shift += kBits<Lane>) {
    const Lane a = lane<Lane>(x, shift);
    const Lane b = lane<Lane>(y, shift);
    word |= in_place(static_cast<Unsigned>(a > b ? a : b), shift);
  }
  return word;
}
template <typename Lane, typename Unsigned>
uint64_t greater_of(uint64_t x, uint64_t y) {
  uint64_t word = 0;
  for (unsigned shift = 0; shift < 64; shift += kBits<Lane>) {
    word |= in_place(static_cast<Unsigned>(lane<Lane>(x, shift) > lane<Lane>(y, shift) ? -1 : 0), shift);
  }
  return word;
}
template <typename Unsigned>
uint64_t equal_of(uint64_t x, uint64_t y) {
  uint64_t word = 0;
  for (unsigned shift = 0; shift < 64; shift += kBits<Unsigned>) {
    word |= in_place(static_cast<Unsigned>(lane<Unsigned>(x, shift) == lane<Unsigned>(y, shift) ? -1 : 0), shift);
  }
  return word;
}

// The numbers of a word, one after the other.
template <typename Float, typename Bits, Bits kKeep, Bits kSet>
struct Numbers {
  using Mask = uint64_t;
  static constexpr Bits kSign = Bits{1} << (kBits<Bits> - 1);

  template <typename Value>
  static uint64_t each(Value value) {
    uint64_t word = 0;
    for (unsigned shift = 0; shift < 64; shift += kBits<Bits>) word |= in_place(static_cast<Bits>(value(shift)), shift);
    return word;
  }
  static Float number(uint64_t word, unsigned shift) { return __builtin_bit_cast(Float, lane<Bits>(word, shift)); }
  static uint64_t window(uint64_t w) {
    return each([=](unsigned shift) { return (lane<Bits>(w, shift) & kKeep) | kSet; });
  }
  static uint64_t min(uint64_t x, uint64_t y) {
    return each([=](unsigned shift) {
      const Float a = number(x, shift);
      const Float b = number(y, shift);
      return __builtin_bit_cast(Bits, a < b ? a : b);
    });
  }
  static uint64_t max(uint64_t x, uint64_t y) {
    return each([=](unsigned shift) {
      const Float a = number(x, shift);
      const Float b = number(y, shift);
      return __builtin_bit_cast(Bits, a > b ? a : b);
    });
  }
  static Mask less(uint64_t x, uint64_t y) {
    return each([=](unsigned shift) { return number(x, shift) < number(y, shift) ? ~Bits{0} : Bits{0}; });
  }
  static Mask less_or_equal(uint64_t x, uint64_t y) {
    return each([=](unsigned shift) { return number(x, shift) <= number(y, shift) ? ~Bits{0} : Bits{0}; });
  }
  static uint64_t bits(Mask mask) { return mask; }
  static uint64_t blend(Mask mask, uint64_t yes, uint64_t no) { return (yes & mask) | (no & ~mask); }
  static uint64_t with_sign(uint64_t b, uint64_t w) {
    return each([=](unsigned shift) { return (lane<Bits>(b, shift) & ~kSign) | (lane<Bits>(w, shift) & kSign); });
  }
  static uint64_t negative(uint64_t x) {
    return each([=](unsigned shift) { return lane<Bits>(x, shift) | kSign; });
  }
};

struct Words {
  using Register = uint64_t;
  using Doubles = Numbers<double, uint64_t, fma::kKeepF64, fma::kSetF64>;
  using Floats = Numbers<float, uint32_t, fma::kKeepF32, fma::kSetF32>;
  static constexpr uint32_t kWords = 1;
  static Register load(const uint64_t* from) { return *from; }
  static void store(uint64_t* to, Register value) { *to = value; }
  static Register fold(Register to, Register y) { return (to + y) << 24 | (to + y) >> 40; }
  static Register bitwise_xor(Register x, Register y) { return x ^ y; }
  static Register min_s8(Register x, Register y) { return min_of<int8_t, uint8_t>(x, y); }
  static Register min_u8(Register x, Register y) { return min_of<uint8_t, uint8_t>(x, y); }
  static Register max_s8(Register x, Register y) { return max_of<int8_t, uint8_t>(x, y); }
  static Register max_u8(Register x, Register y) { return max_of<uint8_t, uint8_t>(x, y); }
  static Register greater_s8(Register x, Register y) { return greater_of<int8_t, uint8_t>(x, y); }
  static Register equal_8(Register x, Register y) { return equal_of<uint8_t>(x, y); }
  static Register min_s16(Register x, Register y) { return min_of<int16_t, uint16_t>(x, y); }
  static Register min_u16(Register x, Register y) { return min_of<uint16_t, uint16_t>(x, y); }
  static Register max_s16(Register x, Register y) { return max_of<int16_t, uint16_t>(x, y); }
  static Register max_u16(Register x, Register y) { return max_of<uint16_t, uint16_t>(x, y); }
  static Register greater_s16(Register x, Register y) { return greater_of<int16_t, uint16_t>(x, y); }
  static Register equal_16(Register x, Register y) { return equal_of<uint16_t>(x, y); }
  static Register min_s32(Register x, Register y) { return min_of<int32_t, uint32_t>(x, y); }
  static Register min_u32(Register x, Register y) { return min_of<uint32_t, uint32_t>(x, y); }
  static Register max_s32(Register x, Register y) { return max_of<int32_t, uint32_t>(x, y); }
  static Register max_u32(Register x, Register y) { return max_of<uint32_t, uint32_t>(x, y); }
  static Register greater_s32(Register x, Register y) { return greater_of<int32_t, uint32_t>(x, y); }
  static Register equal_32(Register x, Register y) { return equal_of<uint32_t>(x, y); }
  static Register min_s64(Register x, Register y) { return min_of<int64_t, uint64_t>(x, y); }
  static Register min_u64(Register x, Register y) { return min_of<uint64_t, uint64_t>(x, y); }
  static Register max_s64(Register x, Register y) { return max_of<int64_t, uint64_t>(x, y); }
  static Register max_u64(Register x, Register y) { return max_of<uint64_t, uint64_t>(x, y); }
  static Register greater_s64(Register x, Register y) { return greater_of<int64_t, uint64_t>(x, y); }
  static Register equal_64(Register x, Register y) { return equal_of<uint64_t>(x, y); }
};

#include "probes/backend/host/minmax/chain.inl"

}  // namespace

void minmax_scalar(uint64_t* state, const uint64_t* params, uint32_t) {
  minmax_chain<Words>(state, params);
}

}  // namespace assay::probes::host
