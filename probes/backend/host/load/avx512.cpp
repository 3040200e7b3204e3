// SPDX-License-Identifier: Apache-2.0
#include <immintrin.h>

#include "probes/backend/host/load/heavy.h"

namespace assay::probes::host {
namespace {

struct Vector {
  using Register = __m512d;
  static Register from_bits(uint64_t bits) { return _mm512_castsi512_pd(_mm512_set1_epi64(static_cast<int64_t>(bits))); }
  static Register fma(Register a, Register b, Register c) { return _mm512_fmadd_pd(a, b, c); }
  static void keep(Register value) { asm volatile("" : : "v"(value)); }
};

#include "probes/backend/host/load/burst.inl"

}  // namespace

void heavy_avx512() { heavy_burst<Vector>(); }

}  // namespace assay::probes::host
