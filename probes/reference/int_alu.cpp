// SPDX-License-Identifier: Apache-2.0
#include "probes/catalogue/int_alu.h"

#include <array>
#include <vector>

#include "probes/reference/families.h"

namespace assay::probes::reference {
namespace {

// Bit 0 first. Everything below goes bit by bit.
using Bits = std::array<uint8_t, 64>;

Bits bits_of(uint64_t word) {
  Bits bits;
  for (unsigned i = 0; i < 64; ++i) bits[i] = static_cast<uint8_t>(word >> i & 1);
  return bits;
}
uint64_t word_of(const Bits& bits) {
  uint64_t word = 0;
  for (unsigned i = 0; i < 64; ++i) word |= static_cast<uint64_t>(bits[i]) << i;
  return word;
}

// A chain of full adders; returns the carry out.
int add_to(Bits& sum, const Bits& with, int carry) {
  for (unsigned i = 0; i < 64; ++i) {
    const int total = sum[i] + with[i] + carry;
    sum[i] = static_cast<uint8_t>(total & 1);
    carry = total / 2;
  }
  return carry;
}
Bits inverse(Bits bits) {
  for (uint8_t& bit : bits) bit ^= 1;
  return bits;
}

// Bit i of the result is bit i - by of the word, `fill` where there is none. |by| < 64.
Bits shifted(const Bits& bits, int by, uint8_t fill) {
  Bits moved;
  for (int i = 0; i < 64; ++i) {
    const int from = i - by;
    moved[static_cast<unsigned>(i)] = from < 0 || from > 63 ? fill : bits[static_cast<unsigned>(from)];
  }
  return moved;
}
Bits rotated(const Bits& bits, int by) {
  Bits moved;
  for (int i = 0; i < 64; ++i) moved[static_cast<unsigned>((i + by) % 64)] = bits[static_cast<unsigned>(i)];
  return moved;
}
void fold(Bits& word, const Bits& with) {
  add_to(word, with, 0);
  word = rotated(word, 24);
}

// f of the three bits in each place.
template <typename F>
Bits each(const Bits& a, const Bits& b, const Bits& c, F f) {
  Bits out;
  for (unsigned i = 0; i < 64; ++i) out[i] = f(a[i], b[i], c[i]) ? 1 : 0;
  return out;
}

uint64_t ones(const Bits& bits) {
  uint64_t count = 0;
  for (const uint8_t bit : bits) count += bit;
  return count;
}
uint64_t zeros_below(const Bits& bits) {
  uint64_t count = 0;
  while (count < 64 && bits[count] == 0) ++count;
  return count;
}
uint64_t zeros_above(const Bits& bits) {
  uint64_t count = 0;
  while (count < 64 && bits[63 - count] == 0) ++count;
  return count;
}

// The highest bit that differs decides; a sign bit counts the other way round.
bool is_below(const Bits& a, const Bits& b, bool is_signed) {
  for (unsigned i = 64; i-- > 0;) {
    if (a[i] == b[i]) continue;
    return (a[i] < b[i]) != (is_signed && i == 63);
  }
  return false;
}

// Six bits from `first` on.
int amount(const Bits& bits, unsigned first) {
  int value = 0;
  for (unsigned i = 0; i < 6; ++i) value += bits[first + i] << i;
  return value;
}

Bits reversed_bytes(const Bits& bits) {
  Bits out;
  for (unsigned i = 0; i < 64; ++i) out[(7 - i / 8) * 8 + i % 8] = bits[i];
  return out;
}

struct Lane {
  Bits x, y, z, h;
};

void iterate(Lane& lane, const Bits& c, const Bits& d) {
  auto& [x, y, z, h] = lane;
  add_to(y, d, add_to(x, c, 0));
  add_to(h, inverse(y), add_to(z, inverse(x), 1));
  x = rotated(x, amount(z, 0));
  Bits minus = inverse(z);
  add_to(minus, {}, 1);
  y = rotated(y, amount(minus, 6));
  fold(z, each(shifted(x, amount(h, 0), 0), shifted(y, -amount(h, 6), 0), {}, [](int a, int b, int) { return a != b; }));
  fold(z, shifted(x, -amount(h, 12), x[63]));
  const int by = amount(z, 0);
  Bits high = shifted(x, by, 0);
  for (int i = 0; i < by; ++i) high[static_cast<unsigned>(i)] = y[static_cast<unsigned>(64 - by + i)];
  fold(h, high);
  h = each(h, x, y, [](int a, int b, int e) { return a != b * e; });
  y = each(y, h, z, [](int a, int b, int e) { return a != (1 - b) * e; });
  x = each(x, z, h, [](int a, int b, int e) { return a != (b + e > 0 ? 1 : 0); });
  add_to(z, each(x, y, h, [](int a, int b, int e) { return a + b + e >= 2; }), 0);
  fold(h, each(x, y, z, [](int a, int b, int e) { return (a == 1 ? b : e) == 1; }));
  fold(x, bits_of(ones(y) + 256 * zeros_above(shifted(z, -amount(h, 0), 0)) + 65536 * zeros_below(shifted(y, amount(h, 6), 0))));
  y = reversed_bytes(y);
  fold(z, is_below(x, y, false) ? h : c);
  fold(h, is_below(x, z, true) ? y : d);
}

}  // namespace

Status int_alu_chain(uint32_t operand_set, const StepSink& sink) {
  using namespace int_alu;
  std::vector<uint64_t> state(kStateWords);
  std::vector<uint64_t> params(kParamWords);
  operands(operand_set, state, params);
  std::vector<Lane> lanes;
  for (uint32_t l = 0; l < kLanes; ++l) {
    lanes.push_back({bits_of(state[l]), bits_of(state[kLanes + l]), bits_of(state[2 * kLanes + l]), bits_of(state[3 * kLanes + l])});
  }
  std::vector<Bits> constants;
  for (const uint64_t word : params) constants.push_back(bits_of(word));
  for (uint32_t step = 0; step < kSteps; ++step) {
    for (uint32_t i = 0; i < kIterations; ++i) {
      const uint32_t first = i % kRounds * kLanes;
      for (uint32_t l = 0; l < kLanes; ++l) iterate(lanes[l], constants[first + l], constants[kRounds * kLanes + first + l]);
    }
    for (uint32_t l = 0; l < kLanes; ++l) {
      state[l] = word_of(lanes[l].x);
      state[kLanes + l] = word_of(lanes[l].y);
      state[2 * kLanes + l] = word_of(lanes[l].z);
      state[3 * kLanes + l] = word_of(lanes[l].h);
    }
    sink(step, state);
  }
  return {};
}

}  // namespace assay::probes::reference
