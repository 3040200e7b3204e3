// SPDX-License-Identifier: Apache-2.0
#include <arm_neon.h>

#include "probes/backend/host/fma/variants.h"
#include "probes/catalogue/fma.h"

namespace assay::probes::host {
namespace {

struct Vector {
  using Register = uint64x2_t;
  static constexpr uint32_t kWords = 2;
  static constexpr uint32_t kTogether = 8;
  static Register load(const uint64_t* from) { return vld1q_u64(from); }
  static void store(uint64_t* to, Register value) { vst1q_u64(to, value); }
};

struct Doubles : Vector {
  static Register take_in(Register to, Register from, const uint64_t* a, const uint64_t* b) {
    const Register x = vorrq_u64(vandq_u64(from, vdupq_n_u64(fma::kKeepF64)), vdupq_n_u64(fma::kSetF64));
    const float64x2_t y =
        vfmaq_f64(vreinterpretq_f64_u64(load(b)), vreinterpretq_f64_u64(x), vreinterpretq_f64_u64(load(a)));
    const Register sum = vaddq_u64(to, vreinterpretq_u64_f64(y));
    return vsriq_n_u64(vshlq_n_u64(sum, 24), sum, 40);
  }
};

struct Floats : Vector {
  static Register take_in(Register to, Register from, const uint64_t* a, const uint64_t* b) {
    const uint32x4_t x =
        vorrq_u32(vandq_u32(vreinterpretq_u32_u64(from), vdupq_n_u32(fma::kKeepF32)), vdupq_n_u32(fma::kSetF32));
    const float32x4_t y =
        vfmaq_f32(vreinterpretq_f32_u64(load(b)), vreinterpretq_f32_u32(x), vreinterpretq_f32_u64(load(a)));
    const uint32x4_t sum = vaddq_u32(vreinterpretq_u32_u64(to), vreinterpretq_u32_f32(y));
    return vreinterpretq_u64_u32(vsriq_n_u32(vshlq_n_u32(sum, 8), sum, 24));
  }
};

#include "probes/backend/host/fma/chain.inl"

}  // namespace

void fma_f64_neon(uint64_t* state, const uint64_t* params, uint32_t) {
  fma_chain<Doubles>(state, params);
}
void fma_f32_neon(uint64_t* state, const uint64_t* params, uint32_t) {
  fma_chain<Floats>(state, params);
}

}  // namespace assay::probes::host
