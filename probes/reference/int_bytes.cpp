// SPDX-License-Identifier: Apache-2.0
#include "probes/catalogue/int_bytes.h"

#include <array>
#include <vector>

#include "probes/reference/families.h"

namespace assay::probes::reference {
namespace {

// 512 bits, each by itself; bit i is bit i mod 8 of byte i / 8.
using Bits = std::array<bool, 512>;

Bits bits_of(const uint64_t* words) {
  Bits bits{};
  for (size_t i = 0; i < 512; ++i) bits[i] = (words[i / 64] >> (i % 64) & 1) != 0;
  return bits;
}
uint64_t number_at(const Bits& bits, size_t first, size_t count) {
  uint64_t value = 0;
  for (size_t i = count; i-- > 0;) value = 2 * value + (bits[first + i] ? 1 : 0);
  return value;
}
void put_number(Bits& bits, size_t first, size_t count, uint64_t value) {
  for (size_t i = 0; i < count; ++i, value /= 2) bits[first + i] = value % 2 == 1;
}
void copy_byte(Bits& to, size_t at, const Bits& from, size_t index) {
  for (size_t i = 0; i < 8; ++i) to[8 * at + i] = from[8 * index + i];
}

uint64_t fold(uint64_t word, uint64_t with) {
  const uint64_t sum = word + with;
  return sum << 24 | sum >> 40;
}
void fold(Bits& y, const Bits& z) {
  for (size_t first = 0; first < 512; first += 64) put_number(y, first, 64, fold(number_at(y, first, 64), number_at(z, first, 64)));
}

struct Chain {
  Bits x;
  Bits y;
  uint64_t k;
};
struct Round {
  std::vector<size_t> p;
  std::vector<size_t> q;
  Bits c;
};

Round round_of(const uint64_t* words) {
  Round round{{}, {}, bits_of(words + int_bytes::kC)};
  const auto byte_at = [&](size_t i) { return static_cast<size_t>(words[i / 8] >> (8 * (i % 8)) & 255); };
  for (size_t i = 0; i < 64; ++i) round.p.push_back(byte_at(i));
  for (size_t i = 64; i < 192; ++i) round.q.push_back(byte_at(i));
  return round;
}

Bits steered(const Bits& c, uint64_t k) {
  Bits s{};
  for (size_t i = 0; i < 512; ++i) s[i] = c[i] != ((k >> (i % 64) & 1) != 0);
  return s;
}

// Lines 1 to 5.
void fields(Chain& chain, const Round& round) {
  auto& [x, y, k] = chain;
  Bits s = steered(round.c, k);
  Bits z{};
  for (size_t j = 0; j < 64; ++j) {
    const size_t from = number_at(s, 8 * j, 6);
    for (size_t i = 0; i < 8; ++i) z[8 * j + i] = x[j / 8 * 64 + (from + i) % 64];
  }
  fold(y, z);
  const Bits before = x;
  for (size_t j = 0; j < 64; ++j) copy_byte(x, j, before, round.p[j] ^ (k % 64));
  uint64_t chosen = 0;
  for (size_t j = 64; j-- > 0;) chosen = 2 * chosen + (y[j / 8 * 64 + number_at(s, 8 * j, 6)] ? 1 : 0);
  k = fold(k, chosen);
  s = steered(round.c, k);
  for (size_t first = 0; first < 512; first += 64) {
    const size_t by = number_at(s, first, 6);
    for (size_t i = first; i < first + 64; ++i) z[i] = i - first >= by ? x[i - by] : round.c[i + 64 - by];
  }
  fold(y, z);
  for (size_t first = 0; first < 512; first += 16) {
    const size_t by = number_at(s, first, 4);
    for (size_t i = first; i < first + 16; ++i) z[i] = i - first + by < 16 ? x[i + by] : round.c[i + by - 16];
  }
  fold(y, z);
}

// The places of ones of the mask, then those of zeros.
std::vector<size_t> order_of(uint64_t mask) {
  std::vector<size_t> order;
  for (const uint64_t wanted : {1U, 0U}) {
    for (size_t i = 0; i < 64; ++i) {
      if ((mask >> i & 1) == wanted) order.push_back(i);
    }
  }
  return order;
}

Bits ones_of(const Bits& y, size_t size) {
  Bits z{};
  for (size_t first = 0; first < 512; first += size) {
    uint64_t count = 0;
    for (size_t i = 0; i < size; ++i) count += y[first + i] ? 1 : 0;
    put_number(z, first, size, count);
  }
  return z;
}

// Lines 6 to 10.
void moves(Chain& chain, const Round& round) {
  auto& [x, y, k] = chain;
  Bits before = x;
  const std::vector<size_t> of_x = order_of(k);
  for (size_t j = 0; j < 64; ++j) copy_byte(x, j, before, of_x[j]);
  before = y;
  const std::vector<size_t> of_y = order_of(k << 17 | k >> 47);
  for (size_t j = 0; j < 64; ++j) copy_byte(y, of_y[j], before, j);
  const Bits both[] = {x, y};
  for (size_t j = 0; j < 64; ++j) {
    copy_byte(x, j, both[round.q[j] / 64], round.q[j] % 64);
    copy_byte(y, j, both[round.q[64 + j] / 64], round.q[64 + j] % 64);
  }
  fold(x, ones_of(y, 8));
  fold(x, ones_of(y, 16));
}

}  // namespace

Status int_bytes_chain(uint32_t operand_set, const StepSink& sink) {
  using namespace int_bytes;
  std::vector<uint64_t> state(kStateWords);
  std::vector<uint64_t> params(kParamWords);
  operands(operand_set, state, params);
  std::vector<Round> rounds;
  for (uint32_t r = 0; r < kRounds; ++r) rounds.push_back(round_of(&params[size_t{r} * kRoundWords]));
  std::vector<Chain> chains;
  for (uint32_t v = 0; v < kChains; ++v) {
    chains.push_back({bits_of(&state[v * kVectorWords]), bits_of(&state[kY + v * kVectorWords]), state[kK + v]});
  }
  for (uint32_t step = 0; step < kSteps; ++step) {
    for (uint32_t i = 0; i < kIterations; ++i) {
      for (Chain& chain : chains) {
        fields(chain, rounds[i % kRounds]);
        moves(chain, rounds[i % kRounds]);
      }
    }
    for (uint32_t v = 0; v < kChains; ++v) {
      for (uint32_t w = 0; w < kVectorWords; ++w) {
        state[v * kVectorWords + w] = number_at(chains[v].x, size_t{64} * w, 64);
        state[kY + v * kVectorWords + w] = number_at(chains[v].y, size_t{64} * w, 64);
      }
      state[kK + v] = chains[v].k;
    }
    sink(step, state);
  }
  return {};
}

}  // namespace assay::probes::reference
