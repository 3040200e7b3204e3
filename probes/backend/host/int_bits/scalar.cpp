// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/host/int_bits/variants.h"
#include "probes/catalogue/int_bits.h"

namespace assay::probes::host {
namespace {

// Lines 5 to 8 of int_bits.h, and the count.
struct Cuts {
  static uint64_t ones(uint64_t word) {
    word -= word >> 1 & 0x5555555555555555;
    word = (word & 0x3333333333333333) + (word >> 2 & 0x3333333333333333);
    word = (word + (word >> 4)) & 0x0F0F0F0F0F0F0F0F;
    return word * 0x0101010101010101 >> 56;
  }
  static uint64_t bzhi(uint64_t word, uint64_t count) { return word & ((uint64_t{1} << count) - 1); }
  static uint64_t bextr(uint64_t word, uint64_t first, uint64_t count) { return bzhi(word >> first, count); }
  static uint64_t blsi(uint64_t word) { return word & (0 - word); }
  static uint64_t blsr(uint64_t word) { return word & (word - 1); }
  static uint64_t blsmsk(uint64_t word) { return word ^ (word - 1); }
};

// Moves of bits by 1, 2, 4 .. 32 places (Warren, Hacker's Delight, 7-4 and 7-5): how far each bit goes is the number of zeros of the
// mask below it, of which move i is bit i.
struct Moves {
  uint64_t mask;     // where the wanted bits are before any move
  uint64_t move[6];  // which of them go right by 1 << i, in the places before that move

  explicit Moves(uint64_t wanted) : mask(wanted) {
    uint64_t zeros = ~wanted << 1;
    for (int i = 0; i < 6; ++i) {
      uint64_t parity = zeros ^ zeros << 1;  // in each place: of the zeros below
      parity ^= parity << 2;
      parity ^= parity << 4;
      parity ^= parity << 8;
      parity ^= parity << 16;
      parity ^= parity << 32;
      move[i] = parity & wanted;
      wanted = (wanted ^ move[i]) | move[i] >> (1 << i);
      zeros &= ~parity;
    }
  }
};

struct Bits : Cuts {
  static uint64_t gather(uint64_t word, uint64_t mask) {
    const Moves moves(mask);
    word &= mask;
    for (int i = 0; i < 6; ++i) {
      const uint64_t moving = word & moves.move[i];
      word = (word ^ moving) | moving >> (1 << i);
    }
    return word;
  }
  static uint64_t scatter(uint64_t word, uint64_t mask) {
    const Moves moves(mask);
    for (int i = 5; i >= 0; --i) {
      const uint64_t moving = word << (1 << i);
      word = (word & ~moves.move[i]) | (moving & moves.move[i]);
    }
    return word & mask;
  }
};

#include "probes/backend/host/int_bits/chain.inl"

}  // namespace

void int_bits_scalar(uint64_t* state, const uint64_t* params, uint32_t) { int_bits_chain<Bits>(state, params); }

}  // namespace assay::probes::host
