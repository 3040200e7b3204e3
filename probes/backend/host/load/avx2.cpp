// SPDX-License-Identifier: Apache-2.0
#include <immintrin.h>

#include "probes/backend/host/load/heavy.h"

namespace assay::probes::host {
namespace {

struct Vector {
  using Register = __m256d;
  static Register from_bits(uint64_t bits) { return _mm256_castsi256_pd(_mm256_set1_epi64x(static_cast<int64_t>(bits))); }
  static Register fma(Register a, Register b, Register c) { return _mm256_fmadd_pd(a, b, c); }
  static void keep(Register value) { asm volatile("" : : "x"(value)); }
};

#include "probes/backend/host/load/burst.inl"

}  // namespace

void heavy_avx2() { heavy_burst<Vector>(); }

}  // namespace assay::probes::host
