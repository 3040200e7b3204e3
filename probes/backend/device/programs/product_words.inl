// SPDX-License-Identifier: Apache-2.0
// The matrix products of gemm.*.grid with elements of 32 bits, for any shape: included by the programs, which define PRODUCT_ROWS (m), PRODUCT_SHIFT (of A
// along k from one product to the next), PRODUCT_TURNS (products of a step that are added up), and of their elements PRODUCT_ELEMENT, PRODUCT_OF(bits),
// PRODUCT_BITS(element) and PRODUCT_MULTIPLY_ADD(a, b, sum). n = 96 and k = 512.
//
// Parameters: A by columns, then B by rows, two elements to a word: a[t][i], b[t][j]. Each of 128 lanes has a tile of m / 8 rows and 6 columns in
// registers and reads its operands through the caches: neighbours share them. Sums are exact, so their order is free.
#define PRODUCT_TILE (PRODUCT_ROWS / 8)

// Adds the products of one turn, A ahead by `shift`, to the tile that begins at row `row` and column `column`.
ASSAY_FN void ASSAY_NAME(turn)(ASSAY_GLOBAL const assay_u64* params, assay_u32 row, assay_u32 column, assay_u32 shift, PRODUCT_ELEMENT* sums) {
  ASSAY_GLOBAL const assay_u64* b = params + 512 * PRODUCT_ROWS / 2 + column / 2;
  for (assay_u32 t = 0; t < 512; ++t) {
    ASSAY_GLOBAL const assay_u64* a = params + (t + shift) % 512 * (PRODUCT_ROWS / 2) + row / 2;
    PRODUCT_ELEMENT right[6];
    ASSAY_UNROLL
    for (assay_u32 j = 0; j < 3; ++j) {
      const assay_u64 word = b[48 * t + j];
      right[2 * j] = PRODUCT_OF((assay_u32)word);
      right[2 * j + 1] = PRODUCT_OF((assay_u32)(word >> 32));
    }
    ASSAY_UNROLL
    for (assay_u32 i = 0; i < PRODUCT_TILE / 2; ++i) {
      const assay_u64 word = a[i];
      ASSAY_UNROLL
      for (assay_u32 j = 0; j < 6; ++j) {
        sums[12 * i + j] = PRODUCT_MULTIPLY_ADD(PRODUCT_OF((assay_u32)word), right[j], sums[12 * i + j]);
        sums[12 * i + 6 + j] = PRODUCT_MULTIPLY_ADD(PRODUCT_OF((assay_u32)(word >> 32)), right[j], sums[12 * i + 6 + j]);
      }
    }
  }
}

ASSAY_FN void ASSAY_NAME(step)(ASSAY_LOCAL assay_u64* state, ASSAY_GLOBAL const assay_u64* params, ASSAY_GLOBAL assay_u64* out, assay_u32 me, assay_u32 step) {
  (void)state;
  ASSAY_EACH_LANE(lane, me) {
    const assay_u32 row = lane / 16 * PRODUCT_TILE;
    const assay_u32 column = lane % 16 * 6;
    PRODUCT_ELEMENT sums[PRODUCT_TILE * 6];
    ASSAY_UNROLL
    for (assay_u32 i = 0; i < PRODUCT_TILE * 6; ++i) {
      sums[i] = PRODUCT_OF(0u);
    }
    for (assay_u32 turn = 0; turn < PRODUCT_TURNS; ++turn) {
      ASSAY_NAME(turn)(params, row, column, PRODUCT_SHIFT * (PRODUCT_TURNS * step + turn), sums);
    }
    ASSAY_UNROLL
    for (assay_u32 i = 0; i < PRODUCT_TILE; ++i) {
      ASSAY_UNROLL
      for (assay_u32 j = 0; j < 3; ++j) {
        const assay_u64 high = PRODUCT_BITS(sums[6 * i + 2 * j + 1]);
        out[(row + i) * 48 + column / 2 + j] = (high << 32) | PRODUCT_BITS(sums[6 * i + 2 * j]);
      }
    }
  }
}

#undef PRODUCT_ROWS
#undef PRODUCT_TILE
#undef PRODUCT_SHIFT
#undef PRODUCT_TURNS
#undef PRODUCT_ELEMENT
#undef PRODUCT_OF
#undef PRODUCT_BITS
#undef PRODUCT_MULTIPLY_ADD
