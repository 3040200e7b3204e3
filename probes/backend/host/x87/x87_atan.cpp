// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/host/x87/variants.h"
#include "probes/catalogue/x87_atan.h"

namespace assay::probes::host {
namespace {

#include "probes/backend/host/x87/number.inl"

inline uint64_t fold(uint64_t to, long double y) {
  const Bits bits = bits_of(y);
  constexpr uint32_t kDropped = x87_atan::kDroppedBits;
  const uint64_t field = bits.sign_exponent & 0x7FFF;
  const uint64_t fraction = bits.mantissa - x87_atan::kLeadingBit;
  const uint64_t half = uint64_t{1} << (kDropped - 1);
  const uint64_t magnitude = (field << (63 - kDropped)) + ((fraction + half) >> kDropped);
  return turn(to + (magnitude | static_cast<uint64_t>(bits.sign_exponent >> 15) << 63));
}

inline long double operand(uint64_t word, x87_atan::Field field, uint64_t c) {
  return number(word | x87_atan::kLeadingBit, x87_atan::sign_exponent(field, c));
}

inline uint64_t fold_circular(uint64_t to, long double x) {
  long double sine = x;
  __asm__("fsin" : "+t"(sine));
  to = fold(to, sine);
  long double cosine = x;
  __asm__("fcos" : "+t"(cosine));
  to = fold(to, cosine);
  __asm__("fsincos" : "=t"(cosine), "=u"(sine) : "0"(x));
  to = fold(fold(to, sine), cosine);
  long double tangent = 0;
  long double one = 0;
  __asm__("fptan" : "=t"(one), "=u"(tangent) : "0"(x));
  return fold(to, tangent);
}

__attribute__((noinline)) void run_lane(uint64_t* state, const uint64_t* params) {
  using namespace x87_atan;
  uint64_t u = state[0];
  uint64_t v = state[kLanes];
  for (uint32_t i = 0; i < kIterations; ++i) {
    const uint64_t* at = params + (i % kRounds) * kLanes;
    const uint64_t c = at[0];
    long double x = operand(u, kX, c);
    v = fold_circular(v, x);
    __asm__("f2xm1" : "+t"(x));
    v = fold(v, x);
    const long double y = operand(v, kY, c);
    const long double z = operand(at[kTable], kZ, c);
    const long double t = operand(v, kT, c);
    long double result = 0;
    __asm__("fpatan" : "=t"(result) : "0"(z), "u"(y) : "st(1)");
    u = fold(u, result);
    __asm__("fyl2x" : "=t"(result) : "0"(__builtin_fabsl(y)), "u"(z) : "st(1)");
    u = fold(u, result);
    __asm__("fyl2xp1" : "=t"(result) : "0"(t), "u"(z) : "st(1)");
    u = fold(u, result);
  }
  state[0] = u;
  state[kLanes] = v;
}

}  // namespace

void x87_atan_functions(uint64_t* state, const uint64_t* params, uint32_t) {
  const ControlWord extended;
  for (uint32_t lane = 0; lane < x87_atan::kLanes; ++lane) run_lane(state + lane, params + lane);
}

}  // namespace assay::probes::host
