// SPDX-License-Identifier: Apache-2.0
#include "probes/catalogue/div.h"

#include <vector>

#include "probes/reference/families.h"
#include "probes/reference/soft_float.h"

namespace assay::probes::reference {

Status div_f64_chain(uint32_t operand_set, const StepSink& sink) {
  using namespace div;
  std::vector<uint64_t> state(kStateWords);
  std::vector<uint64_t> params(kParamWords);
  operands_f64(operand_set, state, params);
  const auto take_in = [](uint64_t word, uint64_t result) {
    const uint64_t sum = word + result;
    return sum << 24 | sum >> 40;
  };
  for (uint32_t step = 0; step < kSteps; ++step) {
    for (uint32_t i = 0; i < kIterations; ++i) {
      for (uint32_t lane = 0; lane < kLanesF64; ++lane) {
        uint64_t& u = state[lane];
        uint64_t& v = state[kLanesF64 + lane];
        const uint64_t divisor = (u & kWindowF64.keep) | kWindowF64.set;
        v = take_in(v, soft_divide(kBinary64, params[i % kRounds * kLanesF64 + lane], divisor));
        u = take_in(u, soft_sqrt(kBinary64, (v & kPositiveF64.keep) | kPositiveF64.set));
      }
    }
    sink(step, state);
  }
  return {};
}

Status div_f32_chain(uint32_t operand_set, const StepSink& sink) {
  using namespace div;
  std::vector<uint64_t> state(kStateWords);
  std::vector<uint64_t> params(kParamWords);
  operands_f32(operand_set, state, params);
  constexpr uint64_t kMask = 0xFFFFFFFF;
  const auto take_in = [](uint64_t word, uint64_t result) {
    const uint64_t sum = (word + result) & kMask;
    return (sum << 8 | sum >> 24) & kMask;
  };
  for (uint32_t step = 0; step < kSteps; ++step) {
    for (uint32_t lane = 0; lane < kLanesF32; ++lane) {
      const unsigned shift = 32 * (lane % 2);
      uint64_t& u_word = state[lane / 2];
      uint64_t& v_word = state[kHalfWords + lane / 2];
      uint64_t u = u_word >> shift & kMask;
      uint64_t v = v_word >> shift & kMask;
      for (uint32_t i = 0; i < kIterations; ++i) {
        const uint64_t a = params[i % kRounds * kHalfWords + lane / 2] >> shift & kMask;
        v = take_in(v, soft_divide(kBinary32, a, ((u & kWindowF32.keep) | kWindowF32.set) & kMask));
        u = take_in(u, soft_sqrt(kBinary32, ((v & kPositiveF32.keep) | kPositiveF32.set) & kMask));
      }
      u_word = (u_word & ~(kMask << shift)) | u << shift;
      v_word = (v_word & ~(kMask << shift)) | v << shift;
    }
    sink(step, state);
  }
  return {};
}

}  // namespace assay::probes::reference
