// SPDX-License-Identifier: Apache-2.0
#include "probes/reference/sha256.h"

#include <vector>

#include "probes/catalogue/sha256.h"
#include "probes/reference/families.h"

namespace assay::probes::reference {
namespace {

__extension__ using Wide = unsigned __int128;

bool is_prime(uint32_t number) {
  for (uint32_t divisor = 2; divisor * divisor <= number; ++divisor) {
    if (number % divisor == 0) return false;
  }
  return number >= 2;
}

// The whole part of the cube root of number * 2^96, bit by bit; its low 32 bits are the fraction of cbrt(number).
uint64_t cube_root_shifted(uint32_t number) {
  const Wide cube = static_cast<Wide>(number) << 96;
  uint64_t root = 0;
  for (int bit = 35; bit >= 0; --bit) {
    const uint64_t tried = root | uint64_t{1} << bit;
    if (static_cast<Wide>(tried) * tried * tried <= cube) root = tried;
  }
  return root;
}

uint32_t rotr(uint32_t x, unsigned by) { return x >> by | x << (32 - by); }

// The functions of section 4.1.2, by their names there.
uint32_t ch(uint32_t x, uint32_t y, uint32_t z) { return (x & y) ^ (~x & z); }
uint32_t maj(uint32_t x, uint32_t y, uint32_t z) { return (x & y) ^ (x & z) ^ (y & z); }
uint32_t big_sigma_0(uint32_t x) { return rotr(x, 2) ^ rotr(x, 13) ^ rotr(x, 22); }
uint32_t big_sigma_1(uint32_t x) { return rotr(x, 6) ^ rotr(x, 11) ^ rotr(x, 25); }
uint32_t small_sigma_0(uint32_t x) { return rotr(x, 7) ^ rotr(x, 18) ^ x >> 3; }
uint32_t small_sigma_1(uint32_t x) { return rotr(x, 17) ^ rotr(x, 19) ^ x >> 10; }

// Eight 32-bit words out of four words, low halves first.
std::array<uint32_t, 8> halves(const uint64_t* words) {
  std::array<uint32_t, 8> result{};
  for (size_t i = 0; i < result.size(); ++i) result[i] = static_cast<uint32_t>(words[i / 2] >> (32 * (i % 2)));
  return result;
}

}  // namespace

std::array<uint32_t, 64> sha256_constants() {
  std::array<uint32_t, 64> constants{};
  uint32_t number = 1;
  for (uint32_t& constant : constants) {
    while (!is_prime(++number)) continue;
    constant = static_cast<uint32_t>(cube_root_shifted(number));
  }
  return constants;
}

Sha256State sha256_compress(const Sha256State& state, const Sha256Message& message) {
  static const std::array<uint32_t, 64> kConstants = sha256_constants();
  std::array<uint32_t, 64> w{};
  for (size_t t = 0; t < 64; ++t)
    w[t] = t < 16 ? message[t] : small_sigma_1(w[t - 2]) + w[t - 7] + small_sigma_0(w[t - 15]) + w[t - 16];
  auto [a, b, c, d, e, f, g, h] = state;
  for (size_t t = 0; t < 64; ++t) {
    const uint32_t t1 = h + big_sigma_1(e) + ch(e, f, g) + kConstants[t] + w[t];
    const uint32_t t2 = big_sigma_0(a) + maj(a, b, c);
    h = g;
    g = f;
    f = e;
    e = d + t1;
    d = c;
    c = b;
    b = a;
    a = t1 + t2;
  }
  return {state[0] + a, state[1] + b, state[2] + c, state[3] + d,
          state[4] + e, state[5] + f, state[6] + g, state[7] + h};
}

Status sha256_chain(uint32_t operand_set, const StepSink& sink) {
  using namespace sha256;
  std::vector<uint64_t> state(kStateWords);
  std::vector<uint64_t> params(kParamWords);
  operands(operand_set, state, params);
  for (uint32_t step = 0; step < kSteps; ++step) {
    for (uint32_t i = 0; i < kIterations; ++i) {
      for (uint32_t chain = 0; chain < kChains; ++chain) {
        const Sha256State before = halves(&state[chain * kChainWords]);
        const auto data = halves(&params[(i + chain) % kMessages * kChainWords]);
        Sha256Message message{};
        for (size_t j = 0; j < 16; ++j) message[j] = j < 8 ? before[j] : data[j - 8];
        const Sha256State after = sha256_compress(before, message);
        for (uint32_t k = 0; k < kChainWords; ++k)
          state[chain * kChainWords + k] = after[2 * k] | static_cast<uint64_t>(after[2 * k + 1]) << 32;
      }
    }
    sink(step, state);
  }
  return {};
}

}  // namespace assay::probes::reference
