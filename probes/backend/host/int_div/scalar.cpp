// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/host/int_div/variants.h"
#include "probes/catalogue/int_div.h"

namespace assay::probes::host {
namespace {

inline uint64_t fold(uint64_t word, uint64_t with) {
  const uint64_t sum = word + with;
  return sum << 24 | sum >> 40;
}

struct Quotient {
  uint64_t value;
  uint64_t remainder;
};

#if defined(__x86_64__)
// DIV with a dividend of two registers, which no C expression asks for. high < d, else the instruction traps.
inline Quotient divide_wide(uint64_t high, uint64_t low, uint64_t d) {
  Quotient q;
  __asm__("divq %4" : "=a"(q.value), "=d"(q.remainder) : "0"(low), "1"(high), "rm"(d) : "cc");
  return q;
}
#else
// One digit of base 2^32 of the quotient of (high:digit) by d, whose top bit is set: the estimate from the upper digit of d is too
// large by 2 at most (Knuth, TAOCP 2, 4.3.1, theorem B).
inline uint64_t digit_of(uint64_t& high, uint64_t digit, uint64_t d) {
  const uint64_t d1 = d >> 32;
  const uint64_t d0 = d & 0xFFFFFFFF;
  uint64_t estimate = high / d1;
  uint64_t rest = high % d1;
  while (estimate >> 32 != 0 || estimate * d0 > (rest << 32 | digit)) {
    --estimate;
    rest += d1;
    if (rest >> 32 != 0) break;
  }
  high = (high << 32 | digit) - estimate * d;
  return estimate;
}
// As above, out of 64-bit divisions (algorithm D there). high < d.
inline Quotient divide_wide(uint64_t high, uint64_t low, uint64_t d) {
  const int shift = __builtin_clzll(d);
  d <<= shift;
  high = high << shift | low >> 1 >> (63 - shift);
  low <<= shift;
  const uint64_t upper = digit_of(high, low >> 32, d);
  const uint64_t lower = digit_of(high, low & 0xFFFFFFFF, d);
  return {upper << 32 | lower, high >> shift};
}
#endif

inline void iterate(uint64_t& x, uint64_t& y, uint64_t& h, uint64_t c, uint64_t shifts) {
  const int s6 = static_cast<int>(shifts & 63);
  const int s5 = static_cast<int>(shifts >> 8 & 31);
  const uint64_t n1 = x + c;
  const uint64_t d1 = y >> s6 | 1;
  h = fold(fold(h, n1 / d1), n1 % d1);
  const int64_t n2 = static_cast<int64_t>(y);
  const int64_t d2 = ((static_cast<int64_t>(h) >> s6) & ~int64_t{2}) | 1;
  x = fold(fold(x, static_cast<uint64_t>(n2 / d2)), static_cast<uint64_t>(n2 % d2));
  const Quotient q3 = divide_wide(h >> 1 >> s6, x ^ c, (x | uint64_t{1} << 63) >> s6);
  y = fold(fold(y, q3.value), q3.remainder);
  const uint32_t n4 = static_cast<uint32_t>(x);
  const uint32_t d4 = static_cast<uint32_t>(y) >> s5 | 1;
  h = fold(h, static_cast<uint64_t>(n4 % d4) << 32 | n4 / d4);
  const int32_t n5 = static_cast<int32_t>(h >> 32);
  const int32_t d5 = ((static_cast<int32_t>(y >> 32) >> s5) & ~2) | 1;
  x = fold(x, static_cast<uint64_t>(static_cast<uint32_t>(n5 % d5)) << 32 | static_cast<uint32_t>(n5 / d5));
}

}  // namespace

void int_div_scalar(uint64_t* state, const uint64_t* params, uint32_t) {
  using namespace int_div;
  for (uint32_t i = 0; i < kIterations; ++i) {
    const uint64_t* c = params + (i % kRounds) * kLanes;
    const uint64_t* s = c + kRounds * kLanes;
    for (uint32_t lane = 0; lane < kLanes; ++lane) {
      iterate(state[lane], state[kLanes + lane], state[2 * kLanes + lane], c[lane], s[lane]);
    }
  }
}

}  // namespace assay::probes::host
