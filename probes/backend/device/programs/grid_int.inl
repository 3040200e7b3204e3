// SPDX-License-Identifier: Apache-2.0
// gemm.int8.grid and gemm.int4.grid (probes/catalogue/gemm_grid.h) on operands that the host widened to 32 bits; sums are modulo 2^32.
#define ASSAY_PROGRAM grid_int
#define ASSAY_TEAM 128
#define ASSAY_STATE_WORDS 0
#define ASSAY_SHARE_WORDS 0
#define ASSAY_PARAM_WORDS 40960
#define ASSAY_ARENA_WORDS 0
#define ASSAY_OUT_WORDS 3072
#define ASSAY_STEPS 4

#define PRODUCT_ROWS 64
#define PRODUCT_SHIFT 8
#define PRODUCT_TURNS 16
#define PRODUCT_ELEMENT assay_u32
#define PRODUCT_OF(bits) (bits)
#define PRODUCT_BITS(element) (element)
#define PRODUCT_MULTIPLY_ADD(a, b, sum) ((a) * (b) + (sum))
#include "probes/backend/device/programs/product_words.inl"
