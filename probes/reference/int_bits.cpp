// SPDX-License-Identifier: Apache-2.0
#include "probes/catalogue/int_bits.h"

#include <vector>

#include "probes/reference/families.h"

namespace assay::probes::reference {
namespace {

bool bit_of(uint64_t word, unsigned place) { return (word >> place & 1) != 0; }
void put(uint64_t& word, unsigned place, bool bit) {
  if (bit) word |= uint64_t{1} << place;
}

// Walks the 64 places once; `taken` counts the ones of the mask so far.
uint64_t bits_under(uint64_t word, uint64_t mask) {
  uint64_t out = 0;
  unsigned taken = 0;
  for (unsigned place = 0; place < 64; ++place) {
    if (bit_of(mask, place)) put(out, taken++, bit_of(word, place));
  }
  return out;
}
uint64_t bits_to(uint64_t word, uint64_t mask) {
  uint64_t out = 0;
  unsigned taken = 0;
  for (unsigned place = 0; place < 64; ++place) {
    if (bit_of(mask, place)) put(out, place, bit_of(word, taken++));
  }
  return out;
}

// Bits under ones first, bits under zeros after them: by place, not by shifts.
uint64_t part(uint64_t word, uint64_t mask) {
  uint64_t out = 0;
  unsigned next = 0;
  for (const bool wanted : {true, false}) {
    for (unsigned place = 0; place < 64; ++place) {
      if (bit_of(mask, place) == wanted) put(out, next++, bit_of(word, place));
    }
  }
  return out;
}
uint64_t join(uint64_t word, uint64_t mask) {
  uint64_t out = 0;
  unsigned next = 0;
  for (const bool wanted : {true, false}) {
    for (unsigned place = 0; place < 64; ++place) {
      if (bit_of(mask, place) == wanted) put(out, place, bit_of(word, next++));
    }
  }
  return out;
}

uint64_t rotate_left(uint64_t word, unsigned by) { return word << by | word >> (64 - by); }
uint64_t fold(uint64_t word, uint64_t with) { return rotate_left(word + with, 24); }

// `count` bits from place `first` on; places beyond the word are zero.
uint64_t cut(uint64_t word, unsigned first, unsigned count) {
  uint64_t out = 0;
  for (unsigned i = 0; i < count && first + i < 64; ++i) put(out, i, bit_of(word, first + i));
  return out;
}
// The place of the lowest one; 64 where there is none.
unsigned lowest_place(uint64_t word) {
  unsigned place = 0;
  while (place < 64 && !bit_of(word, place)) ++place;
  return place;
}
uint64_t one_at(unsigned place) { return place > 63 ? 0 : uint64_t{1} << place; }
// Ones up to and at the lowest one; all ones where there is none.
uint64_t ones_to(unsigned place) {
  uint64_t out = 0;
  for (unsigned i = 0; i < 64 && i <= place; ++i) out |= uint64_t{1} << i;
  return out;
}

void iterate(uint64_t& x, uint64_t& y, uint64_t& h, uint64_t c) {
  x = part(x, y);
  y = join(y, h);
  h = fold(h, bits_under(x + c, y & rotate_left(x, 13)));
  x = fold(x, bits_to(y, h | c));
  h = fold(h, cut(x, 0, y % 64));
  y = fold(y, cut(h, x % 64, x / 256 % 64));
  x = fold(x, one_at(lowest_place(y << h % 64)) ^ (h - one_at(lowest_place(h))));
  y = fold(y, ones_to(lowest_place(x << h / 64 % 64)));
}

}  // namespace

Status int_bits_chain(uint32_t operand_set, const StepSink& sink) {
  using namespace int_bits;
  std::vector<uint64_t> state(kStateWords);
  std::vector<uint64_t> params(kParamWords);
  operands(operand_set, state, params);
  for (uint32_t step = 0; step < kSteps; ++step) {
    for (uint32_t i = 0; i < kIterations; ++i) {
      for (uint32_t lane = 0; lane < kLanes; ++lane) {
        iterate(state[lane], state[kLanes + lane], state[2 * kLanes + lane], params[i % kRounds * kLanes + lane]);
      }
    }
    sink(step, state);
  }
  return {};
}

}  // namespace assay::probes::reference
