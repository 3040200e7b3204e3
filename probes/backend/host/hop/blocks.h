// SPDX-License-Identifier: Apache-2.0
// What a role of cross.hop does to a block, and how the next one looks whether it did.
#pragma once

#include <array>
#include <bit>
#include <cstdint>

#include "probes/catalogue/hop.h"

namespace assay::probes::host {

// What a role hands to the next: a block as it made it and as it was before.
struct HopMail {
  std::array<uint64_t, hop::kBlockWords> now;
  std::array<uint64_t, hop::kBlockWords> before;
};

// One word for each residue of the word's number.
using HopTraces = std::array<uint64_t, hop::kTraces>;

// The constants of one role, and what undoes its multipliers.
struct HopConstants {
  std::array<uint64_t, hop::kColumns> multiplier;
  std::array<uint64_t, hop::kColumns> inverse;
  std::array<uint64_t, hop::kColumns> constant;

  // The multiplier must be odd. Newton's iteration doubles the number of low bits of the inverse that are right, 3 at the start.
  void set(uint32_t column, uint64_t odd, uint64_t added) {
    multiplier[column] = odd;
    inverse[column] = odd;
    for (int i = 0; i < 5; ++i) inverse[column] *= 2 - odd * inverse[column];
    constant[column] = added;
  }
};

inline void make_block(const HopConstants& role, const uint64_t* from, HopMail& mail, HopTraces& trace) {
  for (uint32_t i = 0; i < hop::kBlockWords; ++i) {
    const uint32_t column = i % hop::kColumns;
    mail.before[i] = from[i];
    mail.now[i] = std::rotl((mail.before[i] ^ role.constant[column]) * role.multiplier[column], 29);
    uint64_t& word = trace[i % hop::kTraces];
    word = std::rotl(word + mail.now[i], 24);
  }
}

// Undoes what the maker did, by the other multiplier, and collects where that is not what it was given.
inline void check_block(const HopConstants& maker, const HopMail& mail, HopTraces& differing) {
  for (uint32_t i = 0; i < hop::kBlockWords; ++i) {
    const uint32_t column = i % hop::kColumns;
    const uint64_t back = std::rotr(mail.now[i], 29) * maker.inverse[column] ^ maker.constant[column];
    differing[i % hop::kTraces] |= back ^ mail.before[i];
  }
}

}  // namespace assay::probes::host
