// SPDX-License-Identifier: Apache-2.0
#include <arm_neon.h>

#include "probes/backend/host/march/pass.h"
#include "probes/backend/host/march/variants.h"
#include "probes/catalogue/march.h"

namespace assay::probes::host {
namespace {

struct Vector {
  using Register = uint64x2_t;
  static constexpr uint32_t kWords = 2;
  static Register zero() { return vdupq_n_u64(0); }
  static Register all(uint64_t word) { return vdupq_n_u64(word); }
  static Register ramp(uint64_t seed, uint64_t stride) { return vsetq_lane_u64(seed + stride, vdupq_n_u64(seed), 1); }
  static Register load(const uint64_t* from) { return vld1q_u64(from); }
  static void store(uint64_t* to, Register value) { vst1q_u64(to, value); }
  static void stream(uint64_t* to, Register value) { vst1q_u64(to, value); }
  static Register add(Register a, Register b) { return vaddq_u64(a, b); }
  static Register fold(Register v) { return veorq_u64(v, vshrq_n_u64(v, 32)); }
  static Register flip(Register a, Register b) { return veorq_u64(a, b); }
  static Register collect(Register o, Register a, Register b) { return vorrq_u64(o, veorq_u64(a, b)); }
  static Register mix(Register d, Register r) {
    const Register sum = vaddq_u64(d, r);
    return vsriq_n_u64(vshlq_n_u64(sum, 24), sum, 40);
  }
  static void fence() {}
};

#include "probes/backend/host/march/pass.inl"

}  // namespace

void march_neon(uint64_t* memory, uint64_t* output, const MarchPass& pass) {
  march_pass<Vector>(memory, output, pass);
}

}  // namespace assay::probes::host
