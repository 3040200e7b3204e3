// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/host/load/heavy.h"

namespace assay::probes::host {
namespace {

// Without a fused instruction at hand everywhere: a multiplication and an addition.
struct Scalar {
  using Register = double;
  static Register from_bits(uint64_t bits) { return __builtin_bit_cast(double, bits); }
  static Register fma(Register a, Register b, Register c) { return a * b + c; }
  static void keep(Register value) { asm volatile("" : : "m"(value)); }
};

#include "probes/backend/host/load/burst.inl"

}  // namespace

void heavy_scalar() { heavy_burst<Scalar>(); }

}  // namespace assay::probes::host
