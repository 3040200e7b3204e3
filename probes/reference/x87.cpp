// SPDX-License-Identifier: Apache-2.0
#include "probes/catalogue/x87.h"

#include <vector>

#include "probes/reference/families.h"
#include "probes/reference/soft_extended.h"

namespace assay::probes::reference {
namespace {

using namespace x87;

// Half of the state of one lane: u or v.
struct Half {
  uint64_t mantissa = 0;
  uint64_t exponent = 0;

  void fold(Extended y) {
    mantissa = turn(mantissa + y.mantissa);
    exponent = turn(exponent + y.sign_exponent);
  }
  Extended window() const {
    return {mantissa | kLeadingBit, static_cast<uint16_t>((exponent & kSignBit) | (kWindowExponent + exponent % 16))};
  }
  Extended scaled() const { return extended_scale(window(), static_cast<int>(exponent >> 8 & 31)); }

 private:
  static uint64_t turn(uint64_t word) { return word << 24 | word >> 40; }
};

void iterate(Half& u, Half& v, Extended a, Extended b) {
  Extended x = u.window();
  v.fold(extended_add(x, a));
  v.fold(extended_multiply(x, a));
  v.fold(extended_divide(a, x));
  v.fold(extended_remainder(u.scaled(), b, Quotient::kTruncated));
  x = v.window();
  u.fold(extended_subtract(x, b));
  u.fold(extended_sqrt({x.mantissa, static_cast<uint16_t>(x.sign_exponent & ~kSignBit)}));
  u.fold(v.scaled());
  u.fold(extended_round(v.scaled()));
  u.fold(extended_remainder(v.scaled(), a, Quotient::kNearestEven));
}

}  // namespace

Status x87_arith_chain(uint32_t operand_set, const StepSink& sink) {
  std::vector<uint64_t> state(kStateWords);
  std::vector<uint64_t> params(kParamWords);
  operands(operand_set, state, params);
  const auto operand = [&](uint32_t table, uint32_t i) -> Extended {
    return {params[table + i], static_cast<uint16_t>(params[table + kTable + i])};
  };
  for (uint32_t step = 0; step < kSteps; ++step) {
    for (uint32_t lane = 0; lane < kLanes; ++lane) {
      Half u{state[lane], state[kLanes + lane]};
      Half v{state[2 * kLanes + lane], state[3 * kLanes + lane]};
      for (uint32_t i = 0; i < kIterations; ++i) {
        const uint32_t at = i % kRounds * kLanes + lane;
        iterate(u, v, operand(0, at), operand(2 * kTable, at));
      }
      state[lane] = u.mantissa;
      state[kLanes + lane] = u.exponent;
      state[2 * kLanes + lane] = v.mantissa;
      state[3 * kLanes + lane] = v.exponent;
    }
    sink(step, state);
  }
  return {};
}

}  // namespace assay::probes::reference
