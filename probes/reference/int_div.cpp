// SPDX-License-Identifier: Apache-2.0
#include "probes/catalogue/int_div.h"

#include <vector>

#include "probes/reference/families.h"

namespace assay::probes::reference {
namespace {

struct Quotient {
  uint64_t value = 0;
  uint64_t remainder = 0;
};

// Long division of high:low by d, one bit of the dividend at a time. The quotient must fit: high < d.
Quotient divide(uint64_t high, uint64_t low, uint64_t d) {
  uint64_t rest = high;
  uint64_t value = 0;
  for (int bit = 63; bit >= 0; --bit) {
    const bool carry = rest >> 63 != 0;
    rest = rest << 1 | (low >> bit & 1);
    value <<= 1;
    if (carry || rest >= d) {
      rest -= d;
      value |= 1;
    }
  }
  return {value, rest};
}

uint64_t negate(uint64_t word) { return ~word + 1; }

// `bits` wide two's complement, in the low bits of words; truncates towards zero.
Quotient divide_signed(uint64_t n, uint64_t d, unsigned bits) {
  const uint64_t mask = bits == 64 ? ~uint64_t{0} : (uint64_t{1} << bits) - 1;
  const bool n_negative = (n >> (bits - 1) & 1) != 0;
  const bool d_negative = (d >> (bits - 1) & 1) != 0;
  Quotient q = divide(0, (n_negative ? negate(n) : n) & mask, (d_negative ? negate(d) : d) & mask);
  if (n_negative != d_negative) q.value = negate(q.value);
  if (n_negative) q.remainder = negate(q.remainder);
  return {q.value & mask, q.remainder & mask};
}

// Shifts copies of the sign bit in, one place at a time.
uint64_t shift_signed(uint64_t word, uint64_t by, unsigned bits) {
  const uint64_t sign = word >> (bits - 1) & 1;
  for (uint64_t i = 0; i < by; ++i) word = word >> 1 | sign << (bits - 1);
  return word;
}

uint64_t fold(uint64_t word, uint64_t with) {
  const uint64_t sum = word + with;
  return sum << 24 | sum >> 40;
}
uint64_t fold(uint64_t word, const Quotient& with) { return fold(fold(word, with.value), with.remainder); }

void iterate(uint64_t& x, uint64_t& y, uint64_t& h, uint64_t c, uint64_t shifts) {
  const uint64_t s6 = shifts & 63;
  const uint64_t s5 = shifts >> 8 & 31;
  constexpr uint64_t kLow = 0xFFFFFFFF;
  h = fold(h, divide(0, x + c, y >> s6 | 1));
  x = fold(x, divide_signed(y, (shift_signed(h, s6, 64) & ~uint64_t{2}) | 1, 64));
  y = fold(y, divide(h >> 1 >> s6, x ^ c, (x | uint64_t{1} << 63) >> s6));
  const Quotient low = divide(0, x & kLow, (y & kLow) >> s5 | 1);
  h = fold(h, low.remainder << 32 | low.value);
  const Quotient high = divide_signed(h >> 32, (shift_signed(y >> 32, s5, 32) & 0xFFFFFFFD) | 1, 32);
  x = fold(x, high.remainder << 32 | high.value);
}

}  // namespace

Status int_div_chain(uint32_t operand_set, const StepSink& sink) {
  using namespace int_div;
  std::vector<uint64_t> state(kStateWords);
  std::vector<uint64_t> params(kParamWords);
  operands(operand_set, state, params);
  for (uint32_t step = 0; step < kSteps; ++step) {
    for (uint32_t i = 0; i < kIterations; ++i) {
      const uint32_t first = i % kRounds * kLanes;
      for (uint32_t lane = 0; lane < kLanes; ++lane) {
        iterate(state[lane], state[kLanes + lane], state[2 * kLanes + lane], params[first + lane],
                params[kRounds * kLanes + first + lane]);
      }
    }
    sink(step, state);
  }
  return {};
}

}  // namespace assay::probes::reference
