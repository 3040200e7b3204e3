// SPDX-License-Identifier: Apache-2.0
#include "probes/catalogue/mask.h"

#include <algorithm>
#include <array>
#include <vector>

#include "probes/reference/families.h"

namespace assay::probes::reference {
namespace {

using Bytes = std::array<uint8_t, 64>;
using Mask = std::array<bool, 64>;

uint64_t word_at(const Bytes& bytes, size_t first, size_t size) {
  uint64_t value = 0;
  for (size_t i = size; i-- > 0;) value = value * 256 + bytes[first + i];
  return value;
}
void put_word(Bytes& bytes, size_t first, uint64_t value) {
  for (size_t i = 0; i < 8; ++i, value /= 256) bytes[first + i] = static_cast<uint8_t>(value % 256);
}
Bytes bytes_of(const uint64_t* words) {
  Bytes bytes{};
  for (size_t i = 0; i < 8; ++i) put_word(bytes, 8 * i, words[i]);
  return bytes;
}
Mask mask_of(uint64_t word) {
  Mask mask{};
  for (bool& bit : mask) {
    bit = word % 2 == 1;
    word /= 2;
  }
  return mask;
}
uint64_t number_of(const Mask& mask) {
  uint64_t word = 0;
  for (size_t i = 64; i-- > 0;) word = 2 * word + (mask[i] ? 1 : 0);
  return word;
}

uint64_t fold(uint64_t word, uint64_t with) {
  const uint64_t sum = word + with;
  return sum << 24 | sum >> 40;
}

// Element `index` of `size` bytes as a number that is in the right order when compared: half the range is added to signed ones.
enum class Sign { kSigned, kUnsigned };
uint64_t rank(const Bytes& bytes, size_t index, size_t size, Sign sign) {
  const uint64_t value = word_at(bytes, index * size, size);
  if (sign == Sign::kUnsigned) return value;
  const uint64_t half = uint64_t{1} << (8 * size - 1);
  return value >= half ? value - half : value + half;
}
// Bits from `first` on: where the element of x is below that of y.
void mark_below(Mask& mask, size_t first, const Bytes& x, const Bytes& y, size_t size, Sign sign) {
  for (size_t i = 0; i < 64 / size; ++i) mask[first + i] = rank(x, i, size, sign) < rank(y, i, size, sign);
}

struct Chain {
  Bytes x;
  Bytes y;
  Mask k;
  Mask m;
};

void take_in(Mask& mask, uint64_t number) { mask = mask_of(fold(number_of(mask), number)); }

// Lines 1 to 4.
void compare(Chain& chain) {
  auto& [x, y, k, m] = chain;
  Mask c{};
  Mask d{};
  Mask e{};
  Mask p{};
  mark_below(c, 0, x, y, 1, Sign::kUnsigned);
  for (size_t i = 0; i < 64; ++i) {
    d[i] = true;
    for (int bit = 1; bit < 256; bit *= 2) d[i] = d[i] && (x[i] / bit % 2 == 0 || y[i] / bit % 2 == 0);
    e[i] = x[i] % 4 == y[i] % 4;
  }
  mark_below(p, 0, y, x, 2, Sign::kSigned);
  mark_below(p, 32, x, y, 4, Sign::kSigned);
  mark_below(p, 48, x, y, 8, Sign::kSigned);
  mark_below(p, 56, x, y, 8, Sign::kUnsigned);
  take_in(k, number_of(c));
  take_in(m, number_of(d));
  take_in(m, number_of(e));
  take_in(k, number_of(p));

  Mask common{};
  for (size_t i = 0; i < 64; ++i) common[i] = k[i] && d[i];
  m = mask_of(number_of(m) + number_of(common));
  for (size_t i = 0; i < 64; ++i) {
    k[i] = k[i] != (m[i] || e[i]);
    m[i] = m[i] == k[i];
    k[i] = k[i] != (!c[i] && m[i]);
  }
  Mask shifted{};
  for (size_t i = 0; i < 64; ++i) shifted[i] = (i >= 7 && k[i - 7]) != (i + 9 < 64 && k[i + 9]);
  take_in(m, number_of(shifted));
  uint64_t flags = 15;
  for (size_t i = 0; i < 8; ++i) {
    if (k[i] && m[i]) flags &= ~uint64_t{1};
    if (!k[i] && m[i]) flags &= ~uint64_t{2};
    if (k[i] || m[i]) flags &= ~uint64_t{4};
    if (!k[i] && !m[i]) flags &= ~uint64_t{8};
  }
  take_in(k, flags);
}

// Lists the dwords with ones in 16 bits of the mask from `first` on, then those with zeros.
std::vector<size_t> order_of(const Mask& mask, size_t first) {
  std::vector<size_t> order;
  for (const bool wanted : {true, false}) {
    for (size_t i = 0; i < 16; ++i) {
      if (mask[first + i] == wanted) order.push_back(i);
    }
  }
  return order;
}
void copy_dword(Bytes& to, size_t at, const Bytes& from, size_t index) { std::copy_n(&from[4 * index], 4, &to[4 * at]); }

// Lines 5 to 8.
void move(Chain& chain, const Bytes& a, const Bytes& b) {
  auto& [x, y, k, m] = chain;
  for (size_t i = 0; i < 64; ++i) x[i] = static_cast<uint8_t>(k[i] ? (x[i] + y[i]) % 256 : x[i] ^ b[i]);
  Bytes z{};
  for (size_t i = 0; i < 64; ++i) z[i] = m[i] ? x[i] : a[i];
  for (size_t i = 0; i < 64; i += 8) put_word(y, i, fold(word_at(y, i, 8), word_at(z, i, 8)));
  const Bytes parted = x;
  const Bytes joined = y;
  const std::vector<size_t> of_x = order_of(m, 0);
  const std::vector<size_t> of_y = order_of(k, 48);
  for (size_t i = 0; i < 16; ++i) {
    copy_dword(x, i, parted, of_x[i]);
    copy_dword(y, of_y[i], joined, i);
  }
}

}  // namespace

Status mask_ops(uint32_t operand_set, const StepSink& sink) {
  using namespace mask;
  std::vector<uint64_t> state(kStateWords);
  std::vector<uint64_t> params(kParamWords);
  operands(operand_set, state, params);
  std::vector<Chain> chains;
  for (uint32_t v = 0; v < kChains; ++v) {
    chains.push_back({bytes_of(&state[v * kVectorWords]), bytes_of(&state[kY + v * kVectorWords]), mask_of(state[kK + v]), mask_of(state[kM + v])});
  }
  for (uint32_t step = 0; step < kSteps; ++step) {
    for (uint32_t i = 0; i < kIterations; ++i) {
      const uint64_t* round = &params[size_t{2} * (i % kRounds) * kVectorWords];
      for (Chain& chain : chains) {
        compare(chain);
        move(chain, bytes_of(round), bytes_of(round + kVectorWords));
      }
    }
    for (uint32_t v = 0; v < kChains; ++v) {
      for (uint32_t w = 0; w < kVectorWords; ++w) {
        state[v * kVectorWords + w] = word_at(chains[v].x, size_t{8} * w, 8);
        state[kY + v * kVectorWords + w] = word_at(chains[v].y, size_t{8} * w, 8);
      }
      state[kK + v] = number_of(chains[v].k);
      state[kM + v] = number_of(chains[v].m);
    }
    sink(step, state);
  }
  return {};
}

}  // namespace assay::probes::reference
