// SPDX-License-Identifier: Apache-2.0
#include "probes/catalogue/logistic.h"

#include <vector>

#include "probes/reference/families.h"
#include "probes/reference/soft_float.h"

namespace assay::probes::reference {
namespace {

constexpr uint64_t kZero = 0;
constexpr uint64_t kOne = 0x3FF0000000000000;
constexpr uint64_t kSign = 0x8000000000000000;

// All of these are positive here, so that a sum with zero is the product alone.
uint64_t times(uint64_t a, uint64_t b) { return soft_fma(kBinary64, a, b, kZero); }

uint64_t turn_fused(uint64_t a, uint64_t x) {
  const uint64_t t = times(a, x);
  return soft_fma(kBinary64, t ^ kSign, x, t);
}

uint64_t turn_plain(uint64_t a, uint64_t x) {
  const uint64_t rest = soft_fma(kBinary64, kOne, kOne, x ^ kSign);
  return times(a, times(x, rest));
}

// Eight turns from `from`, gathered in `to`. kInvalid when x leaves [0, 1] or becomes denormal.
template <typename Turn>
Status gather(uint64_t& to, uint64_t from, uint64_t a, const Turn& turn) {
  uint64_t x = (from & logistic::kKeep) | logistic::kSet;
  for (uint32_t i = 0; i < logistic::kTurns; ++i) {
    x = turn(a, x);
    if (x > kOne || (x != 0 && x >> 52 == 0)) return make_error(ErrorCode::kInvalid, "an orbit left its interval");
    const uint64_t sum = to + x;
    to = sum << 24 | sum >> 40;
  }
  return {};
}

}  // namespace

Status logistic_f64(uint32_t operand_set, const StepSink& sink) {
  using namespace logistic;
  std::vector<uint64_t> state(kStateWords);
  std::vector<uint64_t> params(kParamWords);
  operands(operand_set, state, params);
  for (uint32_t step = 0; step < kSteps; ++step) {
    for (uint32_t i = 0; i < kIterations; ++i) {
      for (uint32_t lane = 0; lane < kLanes; ++lane) {
        uint64_t& u = state[lane];
        uint64_t& v = state[kLanes + lane];
        const uint64_t a = params[i % kRounds * kLanes + lane];
        TRY(gather(v, u, a, turn_fused));
        TRY(gather(u, v, a, turn_plain));
      }
    }
    sink(step, state);
  }
  return {};
}

}  // namespace assay::probes::reference
