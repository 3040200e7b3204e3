// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/host/addmul/variants.h"
#include "probes/catalogue/addmul.h"

namespace assay::probes::host {
namespace {

// One number and its word.
template <typename Float, typename Bits, Bits kKeep, Bits kSet, int kRotation>
struct Number {
  static Float number(Bits bits) { return __builtin_bit_cast(Float, bits); }
  static Bits bits(Float number) { return __builtin_bit_cast(Bits, number); }
  static Bits window(Bits w) { return (w & kKeep) | kSet; }
  static Bits add(Bits x, Bits y) { return bits(number(x) + number(y)); }
  static Bits subtract(Bits x, Bits y) { return bits(number(x) - number(y)); }
  static Bits multiply(Bits x, Bits y) { return bits(number(x) * number(y)); }
  static Bits fold(Bits w, Bits y) {
    const Bits sum = w + y;
    return static_cast<Bits>(sum << kRotation | sum >> (8 * sizeof(Bits) - kRotation));
  }
};

struct Words {
  using Register = uint64_t;
  static constexpr uint32_t kWords = 1;
  static constexpr uint32_t kTogether = 4;
  static Register load(const uint64_t* from) { return *from; }
  static void store(uint64_t* to, Register value) { *to = value; }
};

struct Doubles : Words, Number<double, uint64_t, addmul::kKeepF64, addmul::kSetF64, 24> {};

// The two floats of a word, one after the other.
struct Floats : Words {
  using Half = Number<float, uint32_t, addmul::kKeepF32, addmul::kSetF32, 8>;
  static uint32_t low(Register word) { return static_cast<uint32_t>(word); }
  static uint32_t high(Register word) { return static_cast<uint32_t>(word >> 32); }
  static Register both(uint32_t low, uint32_t high) { return low | static_cast<uint64_t>(high) << 32; }

  static Register window(Register w) { return both(Half::window(low(w)), Half::window(high(w))); }
  static Register add(Register x, Register y) { return both(Half::add(low(x), low(y)), Half::add(high(x), high(y))); }
  static Register subtract(Register x, Register y) {
    return both(Half::subtract(low(x), low(y)), Half::subtract(high(x), high(y)));
  }
  static Register multiply(Register x, Register y) {
    return both(Half::multiply(low(x), low(y)), Half::multiply(high(x), high(y)));
  }
  static Register fold(Register w, Register y) { return both(Half::fold(low(w), low(y)), Half::fold(high(w), high(y))); }
};

#include "probes/backend/host/addmul/chain.inl"

}  // namespace

void addmul_f64_scalar(uint64_t* state, const uint64_t* params, uint32_t) {
  addmul_chain<Doubles>(state, params);
}
void addmul_f32_scalar(uint64_t* state, const uint64_t* params, uint32_t) {
  addmul_chain<Floats>(state, params);
}

}  // namespace assay::probes::host
