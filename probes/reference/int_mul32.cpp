// SPDX-License-Identifier: Apache-2.0
#include "probes/catalogue/int_mul32.h"

#include <algorithm>
#include <array>
#include <vector>

#include "probes/reference/families.h"

namespace assay::probes::reference {
namespace {

using Group = std::array<uint64_t, 2>;
enum class Sign { kSigned, kUnsigned };

// Element `index` of so many bits, as the integer that it means.
int64_t element(const Group& group, unsigned index, unsigned bits, Sign sign) {
  const unsigned first = index * bits;
  const uint64_t raw = group[first / 64] >> (first % 64) & ((uint64_t{1} << bits) - 1);
  const bool negative = sign == Sign::kSigned && (raw >> (bits - 1) & 1) != 0;
  return static_cast<int64_t>(raw) - (negative ? int64_t{1} << bits : 0);
}
// Sets an element, of a group of zeros, to a value modulo its size.
void put(Group& group, unsigned index, unsigned bits, int64_t value) {
  const unsigned first = index * bits;
  const uint64_t mask = bits == 64 ? ~uint64_t{0} : (uint64_t{1} << bits) - 1;
  group[first / 64] |= (static_cast<uint64_t>(value) & mask) << (first % 64);
}

// Additions of shifted copies, modulo 2^64, one bit of |b| at a time.
int64_t multiply(int64_t a, int64_t b) {
  uint64_t sum = 0;
  uint64_t shifted = static_cast<uint64_t>(a);
  for (uint64_t left = static_cast<uint64_t>(b < 0 ? -b : b); left != 0; left >>= 1, shifted <<= 1) {
    if ((left & 1) != 0) sum += shifted;
  }
  return static_cast<int64_t>(b < 0 ? ~sum + 1 : sum);
}
int64_t saturate(int64_t value, int64_t low, int64_t high) { return std::clamp(value, low, high); }
// Divided by 2^by, rounded down.
int64_t floor_shift(int64_t value, unsigned by) {
  const int64_t size = int64_t{1} << by;
  const int64_t remainder = (value % size + size) % size;
  return (value - remainder) / size;
}

constexpr Sign kS = Sign::kSigned;
constexpr Sign kU = Sign::kUnsigned;

// t = fold(t, v), v by elements: f(i) is element i of so many bits.
template <typename F>
void fold(Group& t, unsigned bits, F f) {
  Group v{};
  for (unsigned i = 0; i < 128 / bits; ++i) put(v, i, bits, f(i));
  for (unsigned w = 0; w < 2; ++w) {
    const uint64_t sum = t[w] + v[w];
    t[w] = sum << 24 | sum >> 40;
  }
}
// The sum of both products of elements 2 i and 2 i + 1.
int64_t dot(const Group& a, Sign of_a, const Group& b, Sign of_b, unsigned bits, unsigned i) {
  int64_t sum = 0;
  for (unsigned j = 2 * i; j < 2 * i + 2; ++j) sum += multiply(element(a, j, bits, of_a), element(b, j, bits, of_b));
  return sum;
}

void multiply_lines(Group& x, Group& y, Group& h, const Group& c) {
  const Group mixed{x[0] ^ c[0], x[1] ^ c[1]};
  fold(h, 32, [&](unsigned i) { return multiply(element(mixed, i, 32, kU), element(y, i, 32, kU)); });
  fold(x, 64, [&](unsigned i) { return multiply(element(y, 2 * i, 32, kU), element(h, 2 * i, 32, kU)); });
  fold(y, 64, [&](unsigned i) { return multiply(element(h, 2 * i + 1, 32, kS), element(x, 2 * i + 1, 32, kS)); });
  fold(h, 32, [&](unsigned i) { return dot(x, kS, y, kS, 16, i); });
  fold(x, 16, [&](unsigned i) { return floor_shift(multiply(element(y, i, 16, kS), element(h, i, 16, kS)), 16); });
  fold(y, 16, [&](unsigned i) { return floor_shift(multiply(element(h, i, 16, kU), element(x, i, 16, kU)), 16); });
  fold(h, 16, [&](unsigned i) { return multiply(element(x, i, 16, kS), element(y, i, 16, kS)); });
  fold(x, 16, [&](unsigned i) { return floor_shift(multiply(element(y, i, 16, kS), element(h, i, 16, kS)) + 16384, 15); });
  fold(y, 16, [&](unsigned i) { return saturate(dot(h, kU, x, kS, 8, i), -32768, 32767); });
}

void saturate_lines(Group& x, Group& y, Group& h) {
  fold(h, 16, [&](unsigned i) { return saturate(element(x, i, 16, kS) + element(y, i, 16, kS), -32768, 32767); });
  fold(x, 8, [&](unsigned i) { return saturate(element(y, i, 8, kU) - element(h, i, 8, kU), 0, 255); });
  fold(y, 16, [&](unsigned i) { return saturate(element(h, i, 16, kU) + element(x, i, 16, kU), 0, 65535); });
  fold(h, 16, [&](unsigned i) { return saturate(floor_shift(element(i < 4 ? x : y, i % 4, 32, kS), 15), -32768, 32767); });
  fold(x, 8, [&](unsigned i) { return saturate(floor_shift(element(i < 8 ? y : h, i % 8, 16, kS), 7), 0, 255); });
  fold(y, 64, [&](unsigned i) {
    int64_t sum = 0;
    for (unsigned j = 8 * i; j < 8 * i + 8; ++j) {
      const int64_t difference = element(h, j, 8, kU) - element(x, j, 8, kU);
      sum += difference < 0 ? -difference : difference;
    }
    return sum;
  });
}

}  // namespace

Status int_mul32_chain(uint32_t operand_set, const StepSink& sink) {
  using namespace int_mul32;
  std::vector<uint64_t> state(kStateWords);
  std::vector<uint64_t> params(kParamWords);
  operands(operand_set, state, params);
  const auto group_at = [](const std::vector<uint64_t>& words, size_t first) { return Group{words[first], words[first + 1]}; };
  for (uint32_t step = 0; step < kSteps; ++step) {
    for (uint32_t first = 0; first < kWords; first += 2) {
      Group x = group_at(state, first);
      Group y = group_at(state, kWords + first);
      Group h = group_at(state, size_t{2} * kWords + first);
      for (uint32_t i = 0; i < kIterations; ++i) {
        multiply_lines(x, y, h, group_at(params, i % kRounds * kWords + first));
        saturate_lines(x, y, h);
      }
      for (uint32_t w = 0; w < 2; ++w) {
        state[first + w] = x[w];
        state[kWords + first + w] = y[w];
        state[2 * kWords + first + w] = h[w];
      }
    }
    sink(step, state);
  }
  return {};
}

}  // namespace assay::probes::reference
