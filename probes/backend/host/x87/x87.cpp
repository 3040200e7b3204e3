// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/host/x87/variants.h"
#include "probes/catalogue/x87.h"

namespace assay::probes::host {
namespace {

#include "probes/backend/host/x87/number.inl"

// x * 2^by.
inline long double scale(long double x, long double by) {
  __asm__("fscale" : "+t"(x) : "u"(by));
  return x;
}
inline long double to_integer(long double x) {
  __asm__("frndint" : "+t"(x));
  return x;
}
inline long double root(long double x) {
  __asm__("fsqrt" : "+t"(x));
  return x;
}
inline long double remainder_truncated(long double x, long double y) {
  __asm__("fprem" : "+t"(x) : "u"(y) : "cc");
  return x;
}
inline long double remainder_nearest(long double x, long double y) {
  __asm__("fprem1" : "+t"(x) : "u"(y) : "cc");
  return x;
}

// u or v of one lane.
struct Half {
  uint64_t mantissa;
  uint64_t exponent;

  void fold(long double y) {
    const Bits bits = bits_of(y);
    mantissa = turn(mantissa + bits.mantissa);
    exponent = turn(exponent + bits.sign_exponent);
  }
  long double window() const {
    return number(mantissa | x87::kLeadingBit, (exponent & x87::kSignBit) | (x87::kWindowExponent + (exponent & 15)));
  }
  long double scaled() const { return scale(window(), static_cast<long double>(exponent >> 8 & 31)); }
};

inline void iterate(Half& u, Half& v, long double a, long double b) {
  long double x = u.window();
  long double scaled = u.scaled();
  v.fold(x + a);
  v.fold(x * a);
  v.fold(a / x);
  v.fold(remainder_truncated(scaled, b));
  x = v.window();
  u.fold(x - b);
  u.fold(root(__builtin_fabsl(x)));
  scaled = v.scaled();
  u.fold(scaled);
  u.fold(to_integer(scaled));
  u.fold(remainder_nearest(scaled, a));
}

__attribute__((noinline)) void run_lane(uint64_t* state, const uint64_t* params) {
  using namespace x87;
  Half u{state[0], state[kLanes]};
  Half v{state[2 * kLanes], state[3 * kLanes]};
  for (uint32_t i = 0; i < kIterations; ++i) {
    const uint64_t* a = params + (i % kRounds) * kLanes;
    const uint64_t* b = a + 2 * kTable;
    iterate(u, v, number(a[0], a[kTable]), number(b[0], b[kTable]));
  }
  state[0] = u.mantissa;
  state[kLanes] = u.exponent;
  state[2 * kLanes] = v.mantissa;
  state[3 * kLanes] = v.exponent;
}

}  // namespace

void x87_arith(uint64_t* state, const uint64_t* params, uint32_t) {
  const ControlWord extended;
  for (uint32_t lane = 0; lane < x87::kLanes; ++lane) run_lane(state + lane, params + lane);
}

}  // namespace assay::probes::host
