// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/host/int_alu/variants.h"
#include "probes/catalogue/int_alu.h"

namespace assay::probes::host {
namespace {

#include "probes/backend/host/int_alu/words.inl"

struct Words : WordOperations {
  // Sums of neighbours (Warren, Hacker's Delight, 5-1); x86 without POPCNT has nothing better.
  static uint64_t ones(uint64_t word) {
    word -= word >> 1 & 0x5555555555555555;
    word = (word & 0x3333333333333333) + (word >> 2 & 0x3333333333333333);
    word = (word + (word >> 4)) & 0x0F0F0F0F0F0F0F0F;
    return word * 0x0101010101010101 >> 56;
  }
  // The bit scans of the base instruction set, which know no word 0.
  static uint64_t leading(uint64_t word) { return word == 0 ? 64 : static_cast<uint64_t>(__builtin_clzll(word)); }
  static uint64_t trailing(uint64_t word) { return word == 0 ? 64 : static_cast<uint64_t>(__builtin_ctzll(word)); }
  static uint64_t counts(uint64_t a, uint64_t b, uint64_t c) { return ones(a) + (leading(b) << 8) + (trailing(c) << 16); }
};

#include "probes/backend/host/int_alu/chain.inl"

}  // namespace

void int_alu_scalar(uint64_t* state, const uint64_t* params, uint32_t) { int_alu_chain<Words>(state, params); }

}  // namespace assay::probes::host
