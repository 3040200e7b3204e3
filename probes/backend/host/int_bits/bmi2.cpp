// SPDX-License-Identifier: Apache-2.0
#include <immintrin.h>

#include "probes/backend/host/int_bits/variants.h"
#include "probes/catalogue/int_bits.h"

namespace assay::probes::host {
namespace {

struct Bits {
  static uint64_t gather(uint64_t word, uint64_t mask) { return _pext_u64(word, mask); }
  static uint64_t scatter(uint64_t word, uint64_t mask) { return _pdep_u64(word, mask); }
  static uint64_t ones(uint64_t mask) { return static_cast<uint64_t>(_mm_popcnt_u64(mask)); }
  static uint64_t bzhi(uint64_t word, uint64_t count) { return _bzhi_u64(word, static_cast<uint32_t>(count)); }
  static uint64_t bextr(uint64_t word, uint64_t first, uint64_t count) {
    return _bextr_u64(word, static_cast<uint32_t>(first), static_cast<uint32_t>(count));
  }
  static uint64_t blsi(uint64_t word) { return _blsi_u64(word); }
  static uint64_t blsr(uint64_t word) { return _blsr_u64(word); }
  static uint64_t blsmsk(uint64_t word) { return _blsmsk_u64(word); }
};

#include "probes/backend/host/int_bits/chain.inl"

}  // namespace

void int_bits_bmi2(uint64_t* state, const uint64_t* params, uint32_t) { int_bits_chain<Bits>(state, params); }

}  // namespace assay::probes::host
