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
  static uint64_t window(uint64_t h, uint64_t keep, uint64_t set) { return (h & keep) | set; }
  static uint64_t divide(uint64_t a, uint64_t x) {
    return __builtin_bit_cast(uint64_t, __builtin_bit_cast(double, a) / __builtin_bit_cast(double, x));
  }
  static uint64_t root(uint64_t x) {
    return __builtin_bit_cast(uint64_t, __builtin_sqrt(__builtin_bit_cast(double, x)));
  }
  static uint64_t take_in(uint64_t h, uint64_t y) { return (h + y) << 24 | (h + y) >> 40; }
};

#include "probes/backend/host/div/chain.inl"

}  // namespace

void div_f64_scalar(uint64_t* state, const uint64_t* params, uint32_t) {
  div_chain<Word>(state, params);
}

}  // namespace assay::probes::host
