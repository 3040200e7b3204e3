// SPDX-License-Identifier: Apache-2.0
// The matrix product of gemm.h over register tiles, for any vector type. Included, inside an anonymous namespace, by
// the file of each instruction set; V gives Element, kWidth, zero(), load(), broadcast(), fused(a, b, c) and store().

// One tile, kTileRows x (kVectors * V::kWidth), over depth elements of the two panels.
template <typename V, int kTileRows, int kVectors>
struct GemmTile {
  using T = typename V::Element;
  static constexpr int kTileColumns = kVectors * V::kWidth;
  typename V::Register sum[kTileRows][kVectors];

  inline __attribute__((always_inline)) void clear() {
#pragma GCC unroll 16
    for (int i = 0; i < kTileRows; ++i) {
#pragma GCC unroll 16
      for (int j = 0; j < kVectors; ++j) sum[i][j] = V::zero();
    }
  }

  inline __attribute__((always_inline)) void accumulate(const T* a, const T* b, unsigned depth) {
    for (unsigned t = 0; t < depth; ++t) {
      typename V::Register line[kVectors];
#pragma GCC unroll 16
      for (int j = 0; j < kVectors; ++j) line[j] = V::load(b + j * V::kWidth);
#pragma GCC unroll 16
      for (int i = 0; i < kTileRows; ++i) {
        const typename V::Register scalar = V::broadcast(a + i);
#pragma GCC unroll 16
        for (int j = 0; j < kVectors; ++j) sum[i][j] = V::fused(scalar, line[j], sum[i][j]);
      }
      a += kTileRows;
      b += kTileColumns;
    }
  }

  inline __attribute__((always_inline)) void write(T* c, unsigned columns) const {
#pragma GCC unroll 16
    for (int i = 0; i < kTileRows; ++i) {
#pragma GCC unroll 16
      for (int j = 0; j < kVectors; ++j) V::store(c + i * static_cast<int>(columns) + j * V::kWidth, sum[i][j]);
    }
  }
};

// All of C. `shift` is how far A is ahead of B along the depth in the first turn: the panels of A are read from there to the end and then from the
// start.
template <typename V, int kTileRows, int kVectors>
void gemm_product(const typename V::Element* a, const typename V::Element* b, unsigned shift, typename V::Element* c,
                  unsigned rows) {
  using Tile = GemmTile<V, kTileRows, kVectors>;
  constexpr unsigned kColumns = gemm::kColumns;
  constexpr unsigned kDepth = gemm::kDepth;
  static_assert(kColumns % Tile::kTileColumns == 0 && gemm::kRowsF64 % kTileRows == 0 &&
                gemm::kRowsF32 % kTileRows == 0);
  for (unsigned j = 0; j < kColumns; j += Tile::kTileColumns) {
    for (unsigned i = 0; i < rows; i += kTileRows) {
      const auto* a_panel = a + i * kDepth;
      const auto* b_panel = b + j * kDepth;
      Tile tile;
      tile.clear();
      for (unsigned ahead = shift; ahead < shift + gemm::kTurns * gemm::kShift; ahead += gemm::kShift) {
        const unsigned first = kDepth - ahead;
        tile.accumulate(a_panel + ahead * kTileRows, b_panel, first);
        tile.accumulate(a_panel, b_panel + first * Tile::kTileColumns, ahead);
      }
      tile.write(c + i * kColumns + j, kColumns);
    }
  }
}
