// SPDX-License-Identifier: Apache-2.0
#include <immintrin.h>

#include "probes/backend/host/chacha20/variants.h"
#include "probes/catalogue/chacha20.h"

namespace assay::probes::host {
namespace {

struct SixteenBlocks {
  using Register = __m512i;
  static constexpr uint32_t kLanes = 16;
  static Register load(const uint64_t* from, uint32_t lane) { return _mm512_load_si512(from + lane / 2); }
  static void store(uint64_t* to, uint32_t lane, Register value) { _mm512_store_si512(to + lane / 2, value); }
  static Register add(Register a, Register b) { return _mm512_add_epi32(a, b); }
  template <int kBy>
  static Register roll(Register a, Register b) {
    return _mm512_rol_epi32(_mm512_xor_si512(a, b), kBy);
  }
};

#include "probes/backend/host/chacha20/chain.inl"

}  // namespace

void chacha20_avx512(uint64_t* state, const uint64_t* params, uint32_t) {
  chacha20_blocks<SixteenBlocks>(state, params);
}

}  // namespace assay::probes::host
