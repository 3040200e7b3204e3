// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/host/fma/variants.h"
#include "probes/catalogue/fma.h"

namespace assay::probes::host {
namespace {

// rotl(to + bits(fma(window(from), a, b))). The C library's fma() is exact where the CPU has no such instruction.
inline uint64_t take_in(uint64_t to, uint64_t from, uint64_t a, uint64_t b) {
  const double y = __builtin_fma(__builtin_bit_cast(double, (from & fma::kKeepF64) | fma::kSetF64),
                                 __builtin_bit_cast(double, a), __builtin_bit_cast(double, b));
  const uint64_t sum = to + __builtin_bit_cast(uint64_t, y);
  return sum << 24 | sum >> 40;
}

inline uint32_t take_in(uint32_t to, uint32_t from, uint32_t a, uint32_t b) {
  const float y = __builtin_fmaf(__builtin_bit_cast(float, (from & fma::kKeepF32) | fma::kSetF32),
                                 __builtin_bit_cast(float, a), __builtin_bit_cast(float, b));
  const uint32_t sum = to + __builtin_bit_cast(uint32_t, y);
  return sum << 8 | sum >> 24;
}

struct OneDouble {
  using Register = uint64_t;
  static constexpr uint32_t kWords = 1;
  static constexpr uint32_t kTogether = 4;
  static Register load(const uint64_t* from) { return *from; }
  static void store(uint64_t* to, Register value) { *to = value; }
  static Register take_in(Register to, Register from, const uint64_t* a, const uint64_t* b) {
    return host::take_in(to, from, *a, *b);
  }
};

// The two floats of a word, one after the other.
struct TwoFloats : OneDouble {
  static uint32_t low(uint64_t word) { return static_cast<uint32_t>(word); }
  static uint32_t high(uint64_t word) { return static_cast<uint32_t>(word >> 32); }
  static Register take_in(Register to, Register from, const uint64_t* a, const uint64_t* b) {
    return host::take_in(low(to), low(from), low(*a), low(*b)) |
           static_cast<uint64_t>(host::take_in(high(to), high(from), high(*a), high(*b))) << 32;
  }
};

#include "probes/backend/host/fma/chain.inl"

}  // namespace

void fma_f64_scalar(uint64_t* state, const uint64_t* params, uint32_t) {
  fma_chain<OneDouble>(state, params);
}
void fma_f32_scalar(uint64_t* state, const uint64_t* params, uint32_t) {
  fma_chain<TwoFloats>(state, params);
}

}  // namespace assay::probes::host
