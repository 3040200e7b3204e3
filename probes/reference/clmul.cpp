// SPDX-License-Identifier: Apache-2.0
#include "probes/catalogue/clmul.h"

#include <vector>

#include "probes/reference/families.h"

namespace assay::probes::reference {
namespace {

// A polynomial of degree below 128; bit i of low is the coefficient of t^i.
struct Polynomial {
  uint64_t low = 0;
  uint64_t high = 0;

  bool has(unsigned power) const { return ((power < 64 ? low >> power : high >> (power - 64)) & 1) != 0; }
  void add(const Polynomial& other) {
    low ^= other.low;
    high ^= other.high;
  }
  // Multiplies by t and drops t^128; whether there was one.
  bool raise() {
    const bool overflows = high >> 63 != 0;
    high = high << 1 | low >> 63;
    low <<= 1;
    return overflows;
  }
};

// Two factors of degree below 64.
Polynomial product(uint64_t a, uint64_t b) {
  Polynomial sum;
  Polynomial shifted{a, 0};
  for (unsigned power = 0; power < 64; ++power) {
    if ((b >> power & 1) != 0) sum.add(shifted);
    shifted.raise();
  }
  return sum;
}

// In the field: reduced after every step, so nothing ever has a degree of 128.
Polynomial field_product(Polynomial a, const Polynomial& b) {
  Polynomial sum;
  for (unsigned power = 0; power < 128; ++power) {
    if (b.has(power)) sum.add(a);
    if (a.raise()) a.add({1 << 7 | 1 << 2 | 1 << 1 | 1, 0});
  }
  return sum;
}

uint64_t fold(uint64_t word, uint64_t with) {
  const uint64_t sum = word + with;
  return sum << 24 | sum >> 40;
}

}  // namespace

Status clmul_chain(uint32_t operand_set, const StepSink& sink) {
  using namespace clmul;
  std::vector<uint64_t> state(kStateWords);
  std::vector<uint64_t> params(kParamWords);
  operands(operand_set, state, params);
  for (uint32_t i = 0; i < kParamWords / 2; i += 2) {
    if (params[i] == 0 && params[i + 1] == 0) return make_error(ErrorCode::kInvalid, "a factor of the field product is zero");
  }
  for (uint32_t step = 0; step < kSteps; ++step) {
    for (uint32_t i = 0; i < kIterations; ++i) {
      for (uint32_t lane = 0; lane < kLanes; ++lane) {
        uint64_t* x = &state[2 * lane];
        uint64_t* h = &state[2 * (kLanes + lane)];
        const uint64_t* k = &params[2 * (i % kRounds * kLanes + lane)];
        const uint64_t* c = k + size_t{2} * kRounds * kLanes;
        const Polynomial digest = product(x[0] ^ c[0], x[1]);
        h[0] = fold(h[0], digest.low);
        h[1] = fold(h[1], digest.high);
        const Polynomial next = field_product({x[0], x[1]}, {k[0], k[1]});
        x[0] = next.low + h[0];
        x[1] = next.high + h[1];
      }
    }
    sink(step, state);
  }
  return {};
}

}  // namespace assay::probes::reference
