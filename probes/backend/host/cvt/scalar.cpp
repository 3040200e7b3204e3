// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/host/cvt/variants.h"
#include "probes/catalogue/cvt.h"

namespace assay::probes::host {
namespace {

#include "probes/backend/host/cvt/half.inl"

// A word; the results on 32-bit lanes are made one after the other.
struct Word {
  using Register = uint64_t;
  static constexpr uint32_t kWords = 1;
  static Register load(const uint64_t* from) { return *from; }
  static void store(uint64_t* to, Register value) { *to = value; }

  static uint32_t low(uint64_t w) { return static_cast<uint32_t>(w); }
  static uint32_t high(uint64_t w) { return static_cast<uint32_t>(w >> 32); }
  static uint64_t both(uint32_t low, uint32_t high) { return low | static_cast<uint64_t>(high) << 32; }
  static float single(uint32_t bits) { return __builtin_bit_cast(float, bits); }
  static double real(uint64_t bits) { return __builtin_bit_cast(double, bits); }
  static uint32_t bits(float number) { return __builtin_bit_cast(uint32_t, number); }
  static uint64_t bits(double number) { return __builtin_bit_cast(uint64_t, number); }
  template <typename Convert>
  static Register each(Register w, Convert convert) {
    return both(convert(low(w)), convert(high(w)));
  }

  static Register table(uint32_t first, uint32_t odd, uint32_t any) {
    const auto number = [=](uint32_t n) {
      const uint32_t h = (n * odd + any) & 0xFFFF;
      return (h & 0x7C00) == 0x7C00 ? h & 0xFC00 : h;
    };
    return both(number(first), number(first + 1));
  }
  static Register keep32(Register w, uint32_t mask, uint32_t set) {
    return each(w, [=](uint32_t lane) { return (lane & mask) | set; });
  }
  static Register shift32(Register w, uint32_t mask, uint32_t more) {
    return each(w, [=](uint32_t lane) { return (lane & mask) + more; });
  }
  static Register blur(Register f, Register w) {
    const auto one = [](uint32_t number, uint32_t random) {
      return (number & 0x7FFFFFFF) == 0x7F800000 ? number : number | (random & 0x1FFF);
    };
    return both(one(low(f), low(w)), one(high(f), high(w)));
  }
  static Register half_to_single(Register h) { return each(h, host::half_to_single); }
  static Register single_to_half(Register f) { return each(f, host::single_to_half); }
  static Register single_to_bfloat(Register f) {
    return each(f, [](uint32_t lane) { return (lane + 0x7FFF + (lane >> 16 & 1)) >> 16; });
  }
  static Register integer_to_single(Register w) {
    return each(w, [](uint32_t lane) { return bits(static_cast<float>(static_cast<int32_t>(lane))); });
  }
  static Register truncate(Register y) {
    return each(y, [](uint32_t lane) { return static_cast<uint32_t>(static_cast<int32_t>(single(lane))); });
  }
  static Register nearest(Register y) {
    return each(y, [](uint32_t lane) { return static_cast<uint32_t>(__builtin_lrintf(single(lane))); });
  }
  static uint32_t clamped(int32_t value, int32_t limit) {
    return static_cast<uint32_t>(value > limit ? limit : value < -limit - 1 ? -limit - 1
                                                                            : value);
  }
  static Register saturate16(Register w) {
    return each(w, [](uint32_t lane) { return clamped(static_cast<int32_t>(lane) >> 15, 32767); });
  }
  static Register saturate8(Register w) {
    return each(w, [](uint32_t lane) { return clamped(static_cast<int32_t>(lane) >> 23, 127); });
  }
  static uint32_t fold(uint32_t to, uint32_t y) { return (to + y) << 8 | (to + y) >> 24; }
  static Register fold32(Register to, Register y) { return both(fold(low(to), low(y)), fold(high(to), high(y))); }

  static Register keep64(Register w, uint64_t mask, uint64_t set) { return (w & mask) | set; }
  static Register shift64(Register w, uint64_t mask, uint64_t more) { return (w & mask) + more; }
  static Register to_single(Register x) { return bits(static_cast<float>(real(x))); }
  static Register low_to_double(Register w) { return bits(static_cast<double>(single(low(w)))); }
  static Register low_integer_to_double(Register w) { return bits(static_cast<double>(static_cast<int32_t>(low(w)))); }
  static Register integer_to_double(Register w) { return bits(static_cast<double>(static_cast<int64_t>(w))); }
  static Register truncate64(Register y) { return static_cast<uint64_t>(static_cast<int64_t>(real(y))); }
  static Register nearest64(Register y) { return static_cast<uint64_t>(__builtin_llrint(real(y))); }
  static Register truncate32(Register z) { return static_cast<uint32_t>(static_cast<int32_t>(real(z))); }
  static Register nearest32(Register z) { return static_cast<uint32_t>(__builtin_lrint(real(z))); }
  static Register fold64(Register to, Register y) { return (to + y) << 24 | (to + y) >> 40; }
};

#include "probes/backend/host/cvt/chain.inl"

}  // namespace

void cvt_scalar(uint64_t* state, const uint64_t* params, uint32_t step) {
  cvt_chain<Word>(state, params, step);
}

}  // namespace assay::probes::host
