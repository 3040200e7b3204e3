// SPDX-License-Identifier: Apache-2.0
// Here the compiler has ANDN, SHLX, SHRX, SARX and RORX, and the counts are one instruction each.
#include <immintrin.h>

#include "probes/backend/host/int_alu/variants.h"
#include "probes/catalogue/int_alu.h"

namespace assay::probes::host {
namespace {

#include "probes/backend/host/int_alu/words.inl"

struct Words : WordOperations {
  static uint64_t counts(uint64_t a, uint64_t b, uint64_t c) {
    return static_cast<uint64_t>(_mm_popcnt_u64(a)) + (_lzcnt_u64(b) << 8) + (_tzcnt_u64(c) << 16);
  }
  static uint64_t not_and(uint64_t a, uint64_t b) { return _andn_u64(a, b); }
};

#include "probes/backend/host/int_alu/chain.inl"

}  // namespace

void int_alu_bmi2(uint64_t* state, const uint64_t* params, uint32_t) { int_alu_chain<Words>(state, params); }

}  // namespace assay::probes::host
