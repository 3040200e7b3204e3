// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/host/transformer/variants.h"
#include "probes/catalogue/transformer.h"

namespace assay::probes::host {
namespace {

// 16 floats, one after the other.
struct Numbers {
  static constexpr int kCount = 16;
  struct Block {
    float x[kCount];
  };
  using Pointer = float __attribute__((may_alias))*;
  using ConstPointer = const float __attribute__((may_alias))*;

  template <typename Each>
  static Block each(Each value) {
    Block result;
    for (int i = 0; i < kCount; ++i) result.x[i] = value(i);
    return result;
  }
  static Block broadcast(float x) {
    return each([x](int) { return x; });
  }
  static Block zero() { return broadcast(0.0F); }
  static Block load(ConstPointer from) {
    return each([from](int i) { return from[i]; });
  }
  static void store(Pointer to, const Block& x) {
    for (int i = 0; i < kCount; ++i) to[i] = x.x[i];
  }
  static Block add(const Block& a, const Block& b) {
    return each([&](int i) { return a.x[i] + b.x[i]; });
  }
  static Block subtract(const Block& a, const Block& b) {
    return each([&](int i) { return a.x[i] - b.x[i]; });
  }
  static Block multiply(const Block& a, const Block& b) {
    return each([&](int i) { return a.x[i] * b.x[i]; });
  }
  static Block divide(const Block& a, const Block& b) {
    return each([&](int i) { return a.x[i] / b.x[i]; });
  }
  // The C library's fma() is exact where the CPU has no such instruction.
  static Block fused(const Block& a, const Block& b, const Block& c) {
    return each([&](int i) { return __builtin_fmaf(a.x[i], b.x[i], c.x[i]); });
  }
  static Block root(const Block& a) {
    return each([&](int i) { return __builtin_sqrtf(a.x[i]); });
  }
  static float greater(float a, float b) { return a > b ? a : b; }
  static Block greater(const Block& a, const Block& b) {
    return each([&](int i) { return greater(a.x[i], b.x[i]); });
  }
  static float tree(Block x) {
    for (int apart = kCount / 2; apart > 0; apart /= 2) {
      for (int i = 0; i < apart; ++i) x.x[i] = x.x[i] + x.x[i + apart];
    }
    return x.x[0];
  }
  static float treemax(Block x) {
    for (int apart = kCount / 2; apart > 0; apart /= 2) {
      for (int i = 0; i < apart; ++i) x.x[i] = greater(x.x[i], x.x[i + apart]);
    }
    return x.x[0];
  }
  static uint32_t bits(float x) { return __builtin_bit_cast(uint32_t, x); }
  static Block scale(const Block& x, const Block& sum) {
    return each([&](int i) { return __builtin_bit_cast(float, bits(x.x[i]) + (bits(sum.x[i]) << 23)); });
  }
  static Block split(const Block& x, Block& e) {
    const auto exponent = [&](int i) { return static_cast<int32_t>(bits(x.x[i]) - transformer::kRootHalf) >> 23; };
    e = each([&](int i) { return static_cast<float>(exponent(i)); });
    return each([&](int i) {
      return __builtin_bit_cast(float, bits(x.x[i]) - (static_cast<uint32_t>(exponent(i)) << 23));
    });
  }
};

#include "probes/backend/host/transformer/step.inl"

}  // namespace

void transformer_scalar(uint64_t* state, const uint64_t* params, uint32_t) {
  transformer_step<Numbers>(state, params);
}

}  // namespace assay::probes::host
