// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/host/div/variants.h"
#include "probes/catalogue/div.h"

namespace assay::probes::host {
namespace {

struct Word {
  using Register = uint64_t;
  static constexpr uint32_t kWords = 1;
  static uint64_t load(const uint64_t* from) { return *from; }
  static void store(uint64_t* to, uint64_t value) { *to = value; }
  static uint64_t window(uint64_t h, const div::Window& window) { return (h & window.keep) | window.set; }
};

struct Doubles : Word {
  static constexpr div::Window kWindow = div::kWindowF64;
  static constexpr div::Window kPositive = div::kPositiveF64;
  static uint64_t divide(uint64_t a, uint64_t x) {
    return __builtin_bit_cast(uint64_t, __builtin_bit_cast(double, a) / __builtin_bit_cast(double, x));
  }
  static uint64_t root(uint64_t x) {
    return __builtin_bit_cast(uint64_t, __builtin_sqrt(__builtin_bit_cast(double, x)));
  }
  static uint64_t take_in(uint64_t h, uint64_t y) { return (h + y) << 24 | (h + y) >> 40; }
};

// The two floats of a word, one after the other.
struct Floats : Word {
  static constexpr div::Window kWindow = div::kWindowF32;
  static constexpr div::Window kPositive = div::kPositiveF32;
  static float low(uint64_t word) { return __builtin_bit_cast(float, static_cast<uint32_t>(word)); }
  static float high(uint64_t word) { return __builtin_bit_cast(float, static_cast<uint32_t>(word >> 32)); }
  static uint64_t both(float low, float high) {
    return __builtin_bit_cast(uint32_t, low) | static_cast<uint64_t>(__builtin_bit_cast(uint32_t, high)) << 32;
  }
  static uint64_t divide(uint64_t a, uint64_t x) { return both(low(a) / low(x), high(a) / high(x)); }
  static uint64_t root(uint64_t x) { return both(__builtin_sqrtf(low(x)), __builtin_sqrtf(high(x))); }
  static uint32_t take_in(uint32_t h, uint32_t y) { return (h + y) << 8 | (h + y) >> 24; }
  static uint64_t take_in(uint64_t h, uint64_t y) {
    const uint32_t upper = take_in(static_cast<uint32_t>(h >> 32), static_cast<uint32_t>(y >> 32));
    return take_in(static_cast<uint32_t>(h), static_cast<uint32_t>(y)) | static_cast<uint64_t>(upper) << 32;
  }
};

#include "probes/backend/host/div/chain.inl"

}  // namespace

void div_f64_scalar(uint64_t* state, const uint64_t* params, uint32_t) {
  div_chain<Doubles>(state, params);
}
void div_f32_scalar(uint64_t* state, const uint64_t* params, uint32_t) {
  div_chain<Floats>(state, params);
}

}  // namespace assay::probes::host
