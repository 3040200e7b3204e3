// SPDX-License-Identifier: Apache-2.0
#include <arm_neon.h>

#include "probes/backend/host/memory/pass.h"
#include "probes/backend/host/memory/variants.h"

namespace assay::probes::host {
namespace {

struct Vector {
  using Register = uint64x2_t;
  static constexpr uint32_t kWords = 2;
  static Register all(uint64_t word) { return vdupq_n_u64(word); }
  static Register load(const uint64_t* from) { return vld1q_u64(from); }
  static void store(uint64_t* to, Register value) { vst1q_u64(to, value); }
  static void stream(uint64_t* to, Register value) { vst1q_u64(to, value); }
  static Register add(Register a, Register b) { return vaddq_u64(a, b); }
  static Register fold(Register v, Register f) { return veorq_u64(veorq_u64(v, vshrq_n_u64(v, 32)), f); }
  static Register flip(Register a, Register b) { return veorq_u64(a, b); }
  static Register rotate(Register v, Register n) {
    // A negative count shifts right; a shift by 64 gives 0.
    const int64x2_t left = vreinterpretq_s64_u64(n);
    return vorrq_u64(vshlq_u64(v, left), vshlq_u64(v, vsubq_s64(left, vdupq_n_s64(64))));
  }
  static Register scramble(Register v) { return veorq_u64(vmull_u32(vmovn_u64(v), vshrn_n_u64(v, 32)), v); }
  static Register collect(Register o, Register a, Register b) { return vorrq_u64(o, veorq_u64(a, b)); }
  static Register mix(Register d, Register r) {
    const Register sum = vaddq_u64(d, r);
    return vsriq_n_u64(vshlq_n_u64(sum, 24), sum, 40);
  }
};

#include "probes/backend/host/memory/pass.inl"

}  // namespace

MemoryFunction memory_neon(MemoryLoop loop) { return memory_loop<Vector>(loop); }
void memory_strides_neon(uint64_t* memory, uint64_t* output, const MemoryStrides& strides) {
  memory_strides<Vector>(memory, output, strides);
}

}  // namespace assay::probes::host
