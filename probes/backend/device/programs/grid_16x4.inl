// SPDX-License-Identifier: Apache-2.0
// gemm.bf16.grid (probes/catalogue/gemm_grid.h) on operands that the host decoded to FP32: sixteen steps of four turns.
#define ASSAY_PROGRAM grid_16x4
#define ASSAY_TEAM 128
#define ASSAY_STATE_WORDS 0
#define ASSAY_SHARE_WORDS 0
#define ASSAY_PARAM_WORDS 40960
#define ASSAY_ARENA_WORDS 0
#define ASSAY_OUT_WORDS 3072
#define ASSAY_STEPS 16

#define PRODUCT_ROWS 64
#define PRODUCT_SHIFT 8
#define PRODUCT_TURNS 4
#define PRODUCT_ELEMENT float
#define PRODUCT_OF(bits) assay_f32_of(bits)
#define PRODUCT_BITS(element) assay_bits_f32(element)
#define PRODUCT_MULTIPLY_ADD(a, b, sum) ASSAY_EXACT_FMA_F32(a, b, sum)
#include "probes/backend/device/programs/product_words.inl"
