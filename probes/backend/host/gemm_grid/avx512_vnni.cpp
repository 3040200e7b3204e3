// SPDX-License-Identifier: Apache-2.0
// VPDPBUSD multiplies unsigned by signed bytes: A goes in with 128 added (its top bit flipped; of INT8 when the operands are made), and 128
// times the sum of the column of B comes off again.
#include <immintrin.h>

#include "probes/backend/host/gemm_grid/blocks.h"
#include "probes/backend/host/gemm_grid/variants.h"
#include "probes/catalogue/gemm.h"
#include "probes/catalogue/gemm_grid.h"

namespace assay::probes::host {
namespace {

#include "probes/backend/host/gemm/tile.inl"

constexpr unsigned kQuads = gemm_grid::kDepth / 4;  // along k

struct Quads {
  using Element = uint32_t;
  using Register = __m512i;
  static constexpr int kWidth = 16;
  static Register zero() { return _mm512_setzero_si512(); }
  static Register load(const uint32_t* from) { return _mm512_load_si512(from); }
  static Register broadcast(const uint32_t* from) { return _mm512_set1_epi32(static_cast<int>(*from)); }
  static Register fused(Register a, Register b, Register c) { return _mm512_dpbusd_epi32(c, a, b); }
  static void store(uint32_t* to, Register value) { _mm512_store_si512(to, value); }
};
constexpr GridBlock kBlock = kGridAvx512Quads;
using Tile = GemmTile<Quads, kBlock.rows, kBlock.vectors>;

// 128 times the sums of the columns of one panel of B, as often as they are added up.
void offsets_of(const uint32_t* b, unsigned turns, __m512i* offsets) {
  const __m512i ones = _mm512_set1_epi8(1);
  for (int j = 0; j < kBlock.vectors; ++j) {
    __m512i sum = Quads::zero();
    for (unsigned t = 0; t < kQuads; ++t) {
      sum = Quads::fused(ones, Quads::load(b + t * Tile::kTileColumns + j * Quads::kWidth), sum);
    }
    offsets[j] = _mm512_mullo_epi32(sum, _mm512_set1_epi32(static_cast<int>(128 * turns)));
  }
}

// A with 128 added in a, B in b.
void multiply(const uint32_t* a, const uint32_t* b, const GridStep& step) {
  for (unsigned j = 0; j < gemm_grid::kColumns; j += Tile::kTileColumns) {
    const uint32_t* b_panel = b + j * kQuads;
    __m512i offsets[kBlock.vectors];
    offsets_of(b_panel, step.turns, offsets);
    for (unsigned i = 0; i < gemm_grid::kRows; i += kBlock.rows) {
      const uint32_t* a_panel = a + i * kQuads;
      Tile tile;
      tile.clear();
      for (unsigned turn = 0; turn < step.turns; ++turn) {
        const unsigned ahead = step.shift_in(turn) / 4;
        const unsigned first = kQuads - ahead;
        tile.accumulate(a_panel + ahead * kBlock.rows, b_panel, first);
        tile.accumulate(a_panel, b_panel + first * Tile::kTileColumns, ahead);
      }
#pragma GCC unroll 16
      for (int row = 0; row < kBlock.rows; ++row) {
#pragma GCC unroll 16
        for (int v = 0; v < kBlock.vectors; ++v) tile.sum[row][v] = _mm512_sub_epi32(tile.sum[row][v], offsets[v]);
      }
      tile.write(step.c + i * gemm_grid::kColumns + j, gemm_grid::kColumns);
    }
  }
}

// The bytes of `from` with `flipped` bits flipped.
void flip(const void* from, unsigned bytes, int flipped, uint32_t* to) {
  const auto* source = static_cast<const uint8_t*>(from);
  for (unsigned i = 0; i < bytes; i += 64) {
    Quads::store(to + i / 4, _mm512_xor_si512(_mm512_load_si512(source + i), _mm512_set1_epi32(flipped)));
  }
}

}  // namespace

void grid_int8_avx512_vnni(const GridStep& step) {
  multiply(static_cast<const uint32_t*>(step.a), static_cast<const uint32_t*>(step.b), step);
}

// Four bits: (code ^ 8) - 8 is the number, so A with 128 added is (code ^ 8) + 120.
void grid_int4_avx512_vnni(const GridStep& step) {
  flip(step.a, gemm_grid::kRows * gemm_grid::kDepth, 0x08080808, step.scratch_a);
  flip(step.b, gemm_grid::kColumns * gemm_grid::kDepth, 0x08080808, step.scratch_b);
  const auto add = [](uint32_t* bytes, unsigned count, char amount) {
    for (unsigned i = 0; i < count / 4; i += 16) {
      Quads::store(bytes + i, _mm512_add_epi8(Quads::load(bytes + i), _mm512_set1_epi8(amount)));
    }
  };
  add(step.scratch_a, gemm_grid::kRows * gemm_grid::kDepth, 120);
  add(step.scratch_b, gemm_grid::kColumns * gemm_grid::kDepth, -8);
  multiply(step.scratch_a, step.scratch_b, step);
}

}  // namespace assay::probes::host
