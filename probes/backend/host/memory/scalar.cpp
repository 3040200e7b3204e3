// SPDX-License-Identifier: Apache-2.0
#if defined(__x86_64__)
#include <immintrin.h>
#endif

#include "probes/backend/host/memory/pass.h"
#include "probes/backend/host/memory/variants.h"

namespace assay::probes::host {
namespace {

// Volatile keeps loads and stores real and 64 bits wide.
struct Word {
  using Register = uint64_t;
  static constexpr uint32_t kWords = 1;
  static uint64_t all(uint64_t word) { return word; }
  static uint64_t load(const uint64_t* from) { return *static_cast<const volatile uint64_t*>(from); }
  static void store(uint64_t* to, uint64_t value) { *static_cast<volatile uint64_t*>(to) = value; }
#if defined(__x86_64__)
  static void stream(uint64_t* to, uint64_t value) {
    _mm_stream_si64(reinterpret_cast<long long*>(to), static_cast<long long>(value));
  }
#else
  static void stream(uint64_t* to, uint64_t value) { store(to, value); }
#endif
  static uint64_t add(uint64_t a, uint64_t b) { return a + b; }
  static uint64_t fold(uint64_t v, uint64_t f) { return v ^ v >> 32 ^ f; }
  static uint64_t flip(uint64_t a, uint64_t b) { return a ^ b; }
  static uint64_t rotate(uint64_t v, uint64_t n) { return v << (n & 63) | v >> (-n & 63); }
  static uint64_t scramble(uint64_t v) { return (v & 0xFFFFFFFF) * (v >> 32) ^ v; }
  static uint64_t collect(uint64_t o, uint64_t a, uint64_t b) { return o | (a ^ b); }
  static uint64_t mix(uint64_t d, uint64_t r) { return (d + r) << 24 | (d + r) >> 40; }
};

#include "probes/backend/host/memory/pass.inl"

}  // namespace

MemoryFunction memory_scalar(MemoryLoop loop) { return memory_loop<Word>(loop); }
void memory_strides_scalar(uint64_t* memory, uint64_t* output, const MemoryStrides& strides) {
  memory_strides<Word>(memory, output, strides);
}

}  // namespace assay::probes::host
