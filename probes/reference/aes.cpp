// SPDX-License-Identifier: Apache-2.0
#include "probes/reference/aes.h"

#include <vector>

#include "probes/catalogue/aes.h"
#include "probes/reference/families.h"

namespace assay::probes::reference {
namespace {

// Times x modulo x^8 + x^4 + x^3 + x + 1.
uint8_t times_x(uint8_t a) {
  return static_cast<uint8_t>((a << 1) ^ ((a & 0x80) != 0 ? 0x1B : 0));
}

uint8_t multiply(uint8_t a, uint8_t b) {
  uint8_t product = 0;
  for (int bit = 0; bit < 8; ++bit) {
    if ((b >> bit & 1) != 0) product = static_cast<uint8_t>(product ^ a);
    a = times_x(a);
  }
  return product;
}

// The S-box is a finite function: worked out once, by its definition.
const std::array<uint8_t, 256>& substitution() {
  static const std::array<uint8_t, 256> kTable = [] {
    std::array<uint8_t, 256> table{};
    for (unsigned i = 0; i < 256; ++i) table[i] = aes_substitute(static_cast<uint8_t>(i));
    return table;
  }();
  return kTable;
}

AesBlock add(const AesBlock& a, const AesBlock& b) {
  AesBlock sum{};
  for (size_t i = 0; i < 16; ++i) sum[i] = static_cast<uint8_t>(a[i] ^ b[i]);
  return sum;
}

AesBlock substitute_and_shift_rows(const AesBlock& block) {
  AesBlock result{};
  for (size_t column = 0; column < 4; ++column) {
    for (size_t row = 0; row < 4; ++row)
      result[4 * column + row] = substitution()[block[4 * ((column + row) % 4) + row]];
  }
  return result;
}

AesBlock mix_columns(const AesBlock& block) {
  AesBlock result{};
  for (size_t column = 0; column < 16; column += 4) {
    for (size_t row = 0; row < 4; ++row) {
      const uint8_t a = block[column + row];
      const uint8_t b = block[column + (row + 1) % 4];
      result[column + row] = static_cast<uint8_t>(times_x(a) ^ times_x(b) ^ b ^ block[column + (row + 2) % 4] ^
                                                  block[column + (row + 3) % 4]);
    }
  }
  return result;
}

AesBlock to_block(const uint64_t* words) {
  AesBlock block{};
  for (size_t i = 0; i < 16; ++i) block[i] = static_cast<uint8_t>(words[i / 8] >> (8 * (i % 8)));
  return block;
}

void to_words(const AesBlock& block, uint64_t* words) {
  words[0] = words[1] = 0;
  for (size_t i = 0; i < 16; ++i) words[i / 8] |= static_cast<uint64_t>(block[i]) << (8 * (i % 8));
}

}  // namespace

uint8_t aes_substitute(uint8_t byte) {
  uint8_t inverse = 1;
  for (int i = 0; i < 254; ++i) inverse = multiply(inverse, byte);  // byte^254 is the inverse, and 0 for 0
  uint8_t result = 0x63;
  for (int by = 0; by < 5; ++by) result = static_cast<uint8_t>(result ^ (inverse << by | inverse >> (8 - by)));
  return result;
}

AesKey::AesKey(const AesBlock& key) {
  rounds_[0] = key;
  uint8_t constant = 1;
  for (size_t round = 1; round < rounds_.size(); ++round) {
    const AesBlock& before = rounds_[round - 1];
    AesBlock& now = rounds_[round];
    for (size_t row = 0; row < 4; ++row)
      now[row] = static_cast<uint8_t>(before[row] ^ substitution()[before[12 + (row + 1) % 4]]);
    now[0] = static_cast<uint8_t>(now[0] ^ constant);
    for (size_t i = 4; i < 16; ++i) now[i] = static_cast<uint8_t>(before[i] ^ now[i - 4]);
    constant = times_x(constant);
  }
}

AesBlock AesKey::encrypt(const AesBlock& plain) const {
  AesBlock block = add(plain, rounds_[0]);
  for (size_t round = 1; round < 10; ++round)
    block = add(mix_columns(substitute_and_shift_rows(block)), rounds_[round]);
  return add(substitute_and_shift_rows(block), rounds_[10]);
}

Status aes_chain(uint32_t operand_set, const StepSink& sink) {
  using namespace aes;
  std::vector<uint64_t> state(kStateWords);
  std::vector<uint64_t> keys(kParamWords);
  operands(operand_set, state, keys);
  for (uint32_t step = 0; step < kSteps; ++step) {
    const AesKey key(to_block(&keys[2 * (step % kKeys)]));
    for (uint32_t i = 0; i < kBlocks; ++i) {
      AesBlock block = to_block(&state[2 * i]);
      for (uint32_t repeat = 0; repeat < kIterations; ++repeat) block = key.encrypt(block);
      to_words(block, &state[2 * i]);
    }
    sink(step, state);
  }
  return {};
}

}  // namespace assay::probes::reference
