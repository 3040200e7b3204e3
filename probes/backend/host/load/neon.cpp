// SPDX-License-Identifier: Apache-2.0
#include <arm_neon.h>

#include "probes/backend/host/load/heavy.h"

namespace assay::probes::host {
namespace {

struct Vector {
  using Register = float64x2_t;
  static Register from_bits(uint64_t bits) { return vreinterpretq_f64_u64(vdupq_n_u64(bits)); }
  static Register fma(Register a, Register b, Register c) { return vfmaq_f64(c, a, b); }
  static void keep(Register value) { asm volatile("" : : "w"(value)); }
};

#include "probes/backend/host/load/burst.inl"

}  // namespace

void heavy_neon() { heavy_burst<Vector>(); }

}  // namespace assay::probes::host
