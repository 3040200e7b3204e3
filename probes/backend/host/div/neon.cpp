// SPDX-License-Identifier: Apache-2.0
#include <arm_neon.h>

#include "probes/backend/host/div/variants.h"
#include "probes/catalogue/div.h"

namespace assay::probes::host {
namespace {

struct Vector {
  using Register = uint64x2_t;
  static constexpr uint32_t kWords = 2;
  static Register load(const uint64_t* from) { return vld1q_u64(from); }
  static void store(uint64_t* to, Register value) { vst1q_u64(to, value); }
  static Register window(Register h, const div::Window& window) {
    return vorrq_u64(vandq_u64(h, vdupq_n_u64(window.keep)), vdupq_n_u64(window.set));
  }
};

struct Doubles : Vector {
  static constexpr div::Window kWindow = div::kWindowF64;
  static constexpr div::Window kPositive = div::kPositiveF64;
  static Register divide(Register a, Register x) {
    return vreinterpretq_u64_f64(vdivq_f64(vreinterpretq_f64_u64(a), vreinterpretq_f64_u64(x)));
  }
  static Register root(Register x) { return vreinterpretq_u64_f64(vsqrtq_f64(vreinterpretq_f64_u64(x))); }
  static Register take_in(Register h, Register y) {
    const Register sum = vaddq_u64(h, y);
    return vsriq_n_u64(vshlq_n_u64(sum, 24), sum, 40);
  }
};

struct Floats : Vector {
  static constexpr div::Window kWindow = div::kWindowF32;
  static constexpr div::Window kPositive = div::kPositiveF32;
  static Register divide(Register a, Register x) {
    return vreinterpretq_u64_f32(vdivq_f32(vreinterpretq_f32_u64(a), vreinterpretq_f32_u64(x)));
  }
  static Register root(Register x) { return vreinterpretq_u64_f32(vsqrtq_f32(vreinterpretq_f32_u64(x))); }
  static Register take_in(Register h, Register y) {
    const uint32x4_t sum = vaddq_u32(vreinterpretq_u32_u64(h), vreinterpretq_u32_u64(y));
    return vreinterpretq_u64_u32(vsriq_n_u32(vshlq_n_u32(sum, 8), sum, 24));
  }
};

#include "probes/backend/host/div/chain.inl"

}  // namespace

void div_f64_neon(uint64_t* state, const uint64_t* params, uint32_t) {
  div_chain<Doubles>(state, params);
}
void div_f32_neon(uint64_t* state, const uint64_t* params, uint32_t) {
  div_chain<Floats>(state, params);
}

}  // namespace assay::probes::host
