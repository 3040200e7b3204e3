// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/host/march/pass.h"
#include "probes/backend/host/march/variants.h"
#include "probes/catalogue/march.h"

namespace assay::probes::host {
namespace {

// Ordinary stores: what the caches hold is tested rather than the memory behind them. Volatile keeps the loads real.
struct Word {
  using Register = uint64_t;
  static constexpr uint32_t kWords = 1;
  static uint64_t zero() { return 0; }
  static uint64_t all(uint64_t word) { return word; }
  static uint64_t ramp(uint64_t seed, uint64_t) { return seed; }
  static uint64_t load(const uint64_t* from) { return *static_cast<const volatile uint64_t*>(from); }
  static void store(uint64_t* to, uint64_t value) { *to = value; }
  static void stream(uint64_t* to, uint64_t value) { *static_cast<volatile uint64_t*>(to) = value; }
  static uint64_t add(uint64_t a, uint64_t b) { return a + b; }
  static uint64_t fold(uint64_t v) { return v ^ v >> 32; }
  static uint64_t flip(uint64_t a, uint64_t b) { return a ^ b; }
  static uint64_t collect(uint64_t o, uint64_t a, uint64_t b) { return o | (a ^ b); }
  static uint64_t mix(uint64_t d, uint64_t r) { return (d + r) << 24 | (d + r) >> 40; }
  static void fence() {}
};

#include "probes/backend/host/march/pass.inl"

}  // namespace

void march_scalar(uint64_t* memory, uint64_t* output, const MarchPass& pass) {
  march_pass<Word>(memory, output, pass);
}

}  // namespace assay::probes::host
