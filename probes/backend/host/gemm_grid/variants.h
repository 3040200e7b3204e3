// SPDX-License-Identifier: Apache-2.0
// The entry points of the files that are compiled for one instruction set each. They take raw pointers and use no
// library, so that nothing inline is emitted there with instructions that the rest of the program must not contain.
// One function computes one step of one probe of gemm_grid.h.
#pragma once

#include <cstdint>

#include "probes/catalogue/gemm_grid.h"

namespace assay::probes::host {

// One step. Everything is aligned to 64 bytes. Codes are laid out as the GridBlock of the variant says (blocks.h);
// scratch has a word for each operand.
struct GridStep {
  const void* a;
  const void* b;
  // Scales as numbers, the tensor's in them: of block x and line i of panel p at (p * blocks + x) * lines + i. Only for
  // block-scaled formats.
  const float* scale_a;
  const float* scale_b;
  uint32_t* scratch_a;
  uint32_t* scratch_b;
  uint32_t shift;  // how far A is ahead of B along k, in the first turn
  uint32_t turns;  // whose products are added up
  uint32_t apart;  // how much further A is ahead from one turn to the next
  uint32_t* c;

  // Inlined always: a copy of its own could be one with instructions that not every CPU has.
  __attribute__((always_inline)) uint32_t shift_in(uint32_t turn) const { return (shift + turn * apart) % gemm_grid::kDepth; }
};
using GridProduct = void (*)(const GridStep& step);

#define ASSAY_GRID_PRODUCTS(isa)                 \
  void grid_tf32_##isa(const GridStep& step);    \
  void grid_fp16_##isa(const GridStep& step);    \
  void grid_bf16_##isa(const GridStep& step);    \
  void grid_e4m3_##isa(const GridStep& step);    \
  void grid_e5m2_##isa(const GridStep& step);    \
  void grid_int8_##isa(const GridStep& step);    \
  void grid_int4_##isa(const GridStep& step);    \
  void grid_mxfp6_##isa(const GridStep& step);   \
  void grid_mxfp4_##isa(const GridStep& step);   \
  void grid_nvfp4_##isa(const GridStep& step);
ASSAY_GRID_PRODUCTS(scalar)
ASSAY_GRID_PRODUCTS(avx2)
ASSAY_GRID_PRODUCTS(avx512)
#undef ASSAY_GRID_PRODUCTS

// Instructions that do the very operation.
void grid_int8_avx512_vnni(const GridStep& step);
void grid_int4_avx512_vnni(const GridStep& step);
void grid_bf16_avx512_bf16(const GridStep& step);
void grid_fp16_avx512_fp16(const GridStep& step);
void grid_int8_amx(const GridStep& step);
void grid_bf16_amx(const GridStep& step);

}  // namespace assay::probes::host
