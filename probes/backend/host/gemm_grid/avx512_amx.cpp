// SPDX-License-Identifier: Apache-2.0
// Tile registers: TDPBSSD (INT8) and TDPBF16PS (BF16; rounds to nearest even, subnormals are zero: neither happens on the
// grid). Four accumulator tiles of 16 x 16, two of A and two of B.
#include <immintrin.h>

#include "probes/backend/host/gemm_grid/blocks.h"
#include "probes/backend/host/gemm_grid/variants.h"
#include "probes/catalogue/gemm_grid.h"

namespace assay::probes::host {
namespace {

constexpr unsigned kTileRows = 16;
constexpr unsigned kRowBytes = 64;  // of every tile

// Palette 1: up to 16 rows of 64 bytes a register (Intel SDM, LDTILECFG).
struct alignas(64) TileConfig {
  uint8_t palette = 1;
  uint8_t start_row = 0;
  uint8_t reserved[14] = {};
  uint16_t row_bytes[16] = {kRowBytes, kRowBytes, kRowBytes, kRowBytes, kRowBytes, kRowBytes, kRowBytes, kRowBytes};
  uint8_t rows[16] = {kTileRows, kTileRows, kTileRows, kTileRows, kTileRows, kTileRows, kTileRows, kTileRows};
};
static_assert(sizeof(TileConfig) == 64);

// Every row of A twice over, so that tiles may begin anywhere in it.
template <typename Code>
void double_rows(const void* a, uint32_t* out) {
  const auto* from = static_cast<const Code*>(a);
  auto* to = reinterpret_cast<Code*>(out);
  for (unsigned i = 0; i < gemm_grid::kRows; ++i) {
    for (unsigned t = 0; t < 2 * gemm_grid::kDepth; ++t) {
      to[2 * i * gemm_grid::kDepth + t] = from[i * gemm_grid::kDepth + t % gemm_grid::kDepth];
    }
  }
}

// One turn of 32 x 32 of C, in tiles 0..3. A row of A is row_bytes long, and stands there twice; a panel of B is 16 columns wide, the next begins
// row_bytes * 16 later.
template <bool kIntegers>
void add_turn(const uint8_t* a, const uint8_t* b, unsigned row_bytes) {
  for (unsigned byte = 0; byte < row_bytes; byte += kRowBytes) {
    _tile_loadd(4, a + byte, 2 * row_bytes);
    _tile_loadd(5, a + kTileRows * 2 * row_bytes + byte, 2 * row_bytes);
    _tile_loadd(6, b + byte * kTileRows, kRowBytes);
    _tile_loadd(7, b + (row_bytes + byte) * kTileRows, kRowBytes);
    if constexpr (kIntegers) {
      _tile_dpbssd(0, 4, 6);
      _tile_dpbssd(1, 4, 7);
      _tile_dpbssd(2, 5, 6);
      _tile_dpbssd(3, 5, 7);
    } else {
      _tile_dpbf16ps(0, 4, 6);
      _tile_dpbf16ps(1, 4, 7);
      _tile_dpbf16ps(2, 5, 6);
      _tile_dpbf16ps(3, 5, 7);
    }
  }
}

void store_tiles(uint32_t* c) {
  constexpr unsigned kPitch = gemm_grid::kColumns * sizeof(uint32_t);
  _tile_stored(0, c, kPitch);
  _tile_stored(1, c + 16, kPitch);
  _tile_stored(2, c + kTileRows * gemm_grid::kColumns, kPitch);
  _tile_stored(3, c + kTileRows * gemm_grid::kColumns + 16, kPitch);
}

template <typename Code, bool kIntegers>
void product(const GridStep& step) {
  constexpr unsigned kLineBytes = gemm_grid::kDepth * sizeof(Code);
  static_assert(gemm_grid::kRows % 32 == 0 && gemm_grid::kColumns % 32 == 0 && kLineBytes % kRowBytes == 0);
  const TileConfig config;
  // The intrinsics of g++ 12 do not say which memory they read.
  __asm__ volatile("" : : "r"(&config) : "memory");
  _tile_loadconfig(&config);
  static_assert(2 * kLineBytes <= gemm_grid::kDepth * sizeof(uint32_t));  // of scratch
  // The first step of a run prepares A for all of them.
  if (step.shift == 0) double_rows<Code>(step.a, step.scratch_a);
  __asm__ volatile("" : : : "memory");
  const auto* a = reinterpret_cast<const uint8_t*>(step.scratch_a);
  const auto* b = static_cast<const uint8_t*>(step.b);
  for (unsigned i = 0; i < gemm_grid::kRows; i += 32) {
    for (unsigned j = 0; j < gemm_grid::kColumns; j += 32) {
      _tile_zero(0);
      _tile_zero(1);
      _tile_zero(2);
      _tile_zero(3);
      for (unsigned turn = 0; turn < step.turns; ++turn) {
        add_turn<kIntegers>(a + i * 2 * kLineBytes + step.shift_in(turn) * sizeof(Code), b + j * kLineBytes, kLineBytes);
      }
      store_tiles(step.c + i * gemm_grid::kColumns + j);
    }
  }
  _tile_release();
}

}  // namespace

void grid_int8_amx(const GridStep& step) { product<uint8_t, true>(step); }
void grid_bf16_amx(const GridStep& step) { product<uint16_t, false>(step); }

}  // namespace assay::probes::host
