// SPDX-License-Identifier: Apache-2.0
// gemm.fp64.grid (probes/catalogue/gemm.h). Parameters: A by columns, then B by rows: a[t][i], b[t][j]. Each of 128 lanes has a tile of 6 x 6 in
// registers and reads its operands through the caches: neighbours share them. Sums are exact, so their order is free.
#define ASSAY_PROGRAM gemm_fp64
#define ASSAY_TEAM 128
#define ASSAY_STATE_WORDS 0
#define ASSAY_SHARE_WORDS 0
#define ASSAY_PARAM_WORDS 73728
#define ASSAY_ARENA_WORDS 0
#define ASSAY_OUT_WORDS 4608
#define ASSAY_STEPS 16

// Adds the products of one turn, A ahead by `shift`, to the tile that begins at row `row` and column `column`.
ASSAY_FN void gemm_fp64_turn(ASSAY_GLOBAL const assay_u64* params, assay_u32 row, assay_u32 column, assay_u32 shift, double* sums) {
  for (assay_u32 t = 0; t < 512; ++t) {
    ASSAY_GLOBAL const assay_u64* a = params + (t + shift) % 512 * 48 + row;
    ASSAY_GLOBAL const assay_u64* b = params + 512 * 48 + 96 * t + column;
    double right[6];
    ASSAY_UNROLL
    for (assay_u32 j = 0; j < 6; ++j) {
      right[j] = assay_f64_of(b[j]);
    }
    ASSAY_UNROLL
    for (assay_u32 i = 0; i < 6; ++i) {
      const double left = assay_f64_of(a[i]);
      ASSAY_UNROLL
      for (assay_u32 j = 0; j < 6; ++j) {
        sums[6 * i + j] = ASSAY_EXACT_FMA_F64(left, right[j], sums[6 * i + j]);
      }
    }
  }
}

ASSAY_FN void gemm_fp64_step(ASSAY_LOCAL assay_u64* state, ASSAY_GLOBAL const assay_u64* params, ASSAY_GLOBAL assay_u64* out, assay_u32 me, assay_u32 step) {
  (void)state;
  ASSAY_EACH_LANE(lane, me) {
    const assay_u32 row = lane / 16 * 6;
    const assay_u32 column = lane % 16 * 6;
    double sums[36];
    ASSAY_UNROLL
    for (assay_u32 i = 0; i < 36; ++i) {
      sums[i] = 0.0;
    }
    for (assay_u32 turn = 0; turn < 4; ++turn) {
      gemm_fp64_turn(params, row, column, 8 * (4 * step + turn), sums);
    }
    ASSAY_UNROLL
    for (assay_u32 i = 0; i < 6; ++i) {
      ASSAY_UNROLL
      for (assay_u32 j = 0; j < 6; ++j) {
        out[(row + i) * 96 + column + j] = assay_bits_f64(sums[6 * i + j]);
      }
    }
  }
}
