// SPDX-License-Identifier: Apache-2.0
// The emulators beside the matrix and dot-product instructions of the processor at hand, on random operands: where this runs, T1 rests on silicon.
#include <gtest/gtest.h>

#include <array>
#include <bit>
#include <cstdint>
#include <vector>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#include "common/base/random.h"
#include "probes/backend/host/cpu_features.h"
#include "probes/reference/matrix_unit.h"

namespace assay::probes::reference {
namespace {

constexpr int kTiles = 400;  // of 256 results each

#if defined(__x86_64__)

constexpr size_t kRows = 16;
constexpr size_t kColumns = 16;
constexpr size_t kDepth = 32;  // BF16 elements of a row of A

struct Tiles {
  alignas(64) std::array<uint16_t, kRows * kDepth> a{};     // row-major
  alignas(64) std::array<uint16_t, kDepth * kColumns> b{};  // pairs along k together: (t / 2) * 32 + 2 j + t mod 2
  alignas(64) std::array<uint32_t, kRows * kColumns> c{};
};

// Finite, of a width of exponents that makes alignment and cancellation matter: every fourth tile is narrow.
uint16_t random_bf16(Random& random, int tile) {
  const uint64_t spread = tile % 4 == 0 ? 4 : 40;
  return static_cast<uint16_t>(random.below(2) << 15 | (127 - spread / 2 + random.below(spread)) << 7 | random.below(128));
}

Tiles random_tiles(Random& random, int tile) {
  Tiles tiles;
  for (uint16_t& code : tiles.a) code = random_bf16(random, tile);
  for (uint16_t& code : tiles.b) code = random_bf16(random, tile);
  for (uint32_t& word : tiles.c) word = uint32_t{random_bf16(random, tile)} << 16 | static_cast<uint32_t>(random.below(1 << 16));
  return tiles;
}

__attribute__((target("amx-tile,amx-bf16"))) void multiply_tiles(Tiles& tiles) {
  struct alignas(64) Config {
    uint8_t palette = 1;
    uint8_t start_row = 0;
    uint8_t reserved[14] = {};
    uint16_t row_bytes[16] = {64, 64, 64};
    uint8_t rows[16] = {16, 16, 16};
  };
  const Config config;
  __asm__ volatile("" : : "r"(&config), "r"(&tiles) : "memory");  // the intrinsics of g++ 12 do not say which memory they read
  _tile_loadconfig(&config);
  _tile_loadd(0, tiles.c.data(), 64);
  _tile_loadd(1, tiles.a.data(), 64);
  _tile_loadd(2, tiles.b.data(), 64);
  _tile_dpbf16ps(0, 1, 2);
  _tile_stored(0, tiles.c.data(), 64);
  _tile_release();
  __asm__ volatile("" : : "r"(&tiles) : "memory");
}

TEST(MatrixSilicon, TheEmulatorOfAmxGivesWhatTheTilesGive) {
  if (!host::cpu_features().amx_bf16) GTEST_SKIP() << "this processor has no AMX for BF16, or the kernel does not allow it";
  const MatrixUnit& unit = *find_unit("amx", "bf16");
  Random random(20261201);
  uint64_t rounded = 0;  // results that an exact sum would not have given
  for (int tile = 0; tile < kTiles; ++tile) {
    const Tiles before = random_tiles(random, tile);
    Tiles after = before;
    multiply_tiles(after);
    for (size_t i = 0; i < kRows; ++i) {
      for (size_t j = 0; j < kColumns; ++j) {
        std::vector<Fraction> a;
        std::vector<Fraction> b;
        double exact = std::bit_cast<float>(before.c[i * kColumns + j]);
        for (size_t t = 0; t < kDepth; ++t) {
          const uint16_t x = before.a[i * kDepth + t];
          const uint16_t y = before.b[t / 2 * 32 + 2 * j + t % 2];
          a.push_back(decode(kBf16, x));
          b.push_back(decode(kBf16, y));
          exact += double{std::bit_cast<float>(uint32_t{x} << 16)} * std::bit_cast<float>(uint32_t{y} << 16);
        }
        const uint32_t expected = multiply_accumulate(unit, a, b, before.c[i * kColumns + j]);
        ASSERT_EQ(after.c[i * kColumns + j], expected) << "tile " << tile << " row " << i << " column " << j;
        rounded += static_cast<double>(std::bit_cast<float>(expected)) != exact ? 1 : 0;
      }
    }
  }
  EXPECT_GT(rounded, uint64_t{kTiles} * 64) << "operands that need no rounding prove nothing";
}

__attribute__((target("avx512f,avx512bf16"))) void multiply_pairs(const uint32_t* a, const uint32_t* b, float* c) {
  const auto x = reinterpret_cast<__m512bh>(_mm512_loadu_si512(a));
  const auto y = reinterpret_cast<__m512bh>(_mm512_loadu_si512(b));
  _mm512_storeu_ps(c, _mm512_dpbf16_ps(_mm512_loadu_ps(c), x, y));
}

TEST(MatrixSilicon, TheEmulatorOfVdpbf16psGivesWhatTheInstructionGives) {
  if (!host::cpu_features().avx512_bf16) GTEST_SKIP() << "this processor has no AVX512-BF16";
  const MatrixUnit& unit = *find_unit("x86", "bf16");
  Random random(20261202);
  for (int round = 0; round < kTiles * 16; ++round) {
    std::array<uint32_t, 16> a{};
    std::array<uint32_t, 16> b{};
    std::array<float, 16> c{};
    for (size_t i = 0; i < 16; ++i) {
      a[i] = uint32_t{random_bf16(random, round)} << 16 | random_bf16(random, round);
      b[i] = uint32_t{random_bf16(random, round)} << 16 | random_bf16(random, round);
      c[i] = std::bit_cast<float>(uint32_t{random_bf16(random, round)} << 16 | static_cast<uint32_t>(random.below(1 << 16)));
    }
    const std::array<float, 16> before = c;
    multiply_pairs(a.data(), b.data(), c.data());
    for (size_t i = 0; i < 16; ++i) {
      const Fraction x[] = {decode(kBf16, a[i] & 0xFFFF), decode(kBf16, a[i] >> 16)};
      const Fraction y[] = {decode(kBf16, b[i] & 0xFFFF), decode(kBf16, b[i] >> 16)};
      ASSERT_EQ(std::bit_cast<uint32_t>(c[i]), multiply_accumulate(unit, x, y, std::bit_cast<uint32_t>(before[i]))) << "round " << round;
    }
  }
}

#endif

}  // namespace
}  // namespace assay::probes::reference
