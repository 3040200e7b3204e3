// SPDX-License-Identifier: Apache-2.0
// Register tiles of the narrow grid products: rows of A and columns of B that one tile holds, and how many elements
// along k stand together. Operands are laid out for them.
#pragma once

namespace assay::probes::host {

struct GridBlock {
  int rows;
  int vectors;  // of columns
  int width;    // 32-bit accumulators of a vector
  int run;      // elements along k that stand together: what one 32-bit lane of the multiply takes
  constexpr int columns() const { return vectors * width; }
};

inline constexpr GridBlock kGridScalar{4, 2, 1, 1};
inline constexpr GridBlock kGridAvx2{4, 3, 8, 1};
inline constexpr GridBlock kGridAvx512{8, 3, 16, 1};
// Pairs: of 16-bit integers, or of bf16.
inline constexpr GridBlock kGridAvx2Pairs{4, 3, 8, 2};
inline constexpr GridBlock kGridAvx512Pairs{8, 3, 16, 2};
// Quads of bytes.
inline constexpr GridBlock kGridAvx512Quads{8, 3, 16, 4};
// 32 halves in a vector, one row at a time.
inline constexpr GridBlock kGridFp16{1, 2, 16, 1};
// Tile registers: A row-major, B in panels of 16 columns.
inline constexpr GridBlock kGridAmxInt8{1, 1, 16, 4};
inline constexpr GridBlock kGridAmxBf16{1, 1, 16, 2};

}  // namespace assay::probes::host
