// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/host/logistic/variants.h"
#include "probes/catalogue/logistic.h"

namespace assay::probes::host {
namespace {

// The C library's fma() is exact where the CPU has no such instruction.
struct OneDouble {
  using Register = double;
  using Word = uint64_t;
  static constexpr uint32_t kWords = 1;
  static constexpr uint32_t kTogether = 4;
  static Word load(const uint64_t* from) { return *from; }
  static void store(uint64_t* to, Word value) { *to = value; }
  static Register floats(Word word) { return __builtin_bit_cast(double, word); }
  static Register window(Word word) { return floats((word & logistic::kKeep) | logistic::kSet); }
  static Register fused(Register a, Register x) {
    const double t = a * x;
    return __builtin_fma(-t, x, t);
  }
  static Register plain(Register a, Register x) {
    const double rest = 1.0 - x;
    const double product = x * rest;
    return a * product;
  }
  static Word gather(Word word, Register x) {
    const uint64_t sum = word + __builtin_bit_cast(uint64_t, x);
    return sum << 24 | sum >> 40;
  }
};

#include "probes/backend/host/logistic/orbit.inl"

}  // namespace

void logistic_scalar(uint64_t* state, const uint64_t* params, uint32_t) {
  logistic_orbits<OneDouble>(state, params);
}

}  // namespace assay::probes::host
