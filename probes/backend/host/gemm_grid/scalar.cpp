// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/host/gemm_grid/blocks.h"
#include "probes/backend/host/gemm_grid/variants.h"
#include "probes/catalogue/gemm.h"
#include "probes/catalogue/gemm_grid.h"

namespace assay::probes::host {
namespace {

#include "probes/backend/host/gemm/tile.inl"
#include "probes/backend/host/gemm_grid/product.inl"

// Multiplies and adds apart: exact on the grid, and runs on any CPU.
struct Floats {
  using Element = uint32_t;
  using Register = float;
  static constexpr int kWidth = 1;
  static Register zero() { return 0; }
  static Register load(const uint32_t* from) { return __builtin_bit_cast(float, *from); }
  static Register broadcast(const uint32_t* from) { return __builtin_bit_cast(float, *from); }
  static Register fused(Register a, Register b, Register c) { return a * b + c; }
  static void store(uint32_t* to, Register value) { *to = __builtin_bit_cast(uint32_t, value); }
};

struct Integers {
  using Element = uint32_t;
  using Register = uint32_t;
  static constexpr int kWidth = 1;
  static Register zero() { return 0; }
  static Register load(const uint32_t* from) { return *from; }
  static Register broadcast(const uint32_t* from) { return *from; }
  static Register fused(Register a, Register b, Register c) { return a * b + c; }
  static void store(uint32_t* to, Register value) { *to = value; }
};

}  // namespace

void grid_tf32_scalar(const GridStep& step) { decode_and_multiply<Floats, Tf32Code, kGridScalar>(step); }
void grid_fp16_scalar(const GridStep& step) { decode_and_multiply<Floats, Fp16Code, kGridScalar>(step); }
void grid_bf16_scalar(const GridStep& step) { decode_and_multiply<Floats, Bf16Code, kGridScalar>(step); }
void grid_e4m3_scalar(const GridStep& step) { decode_and_multiply<Floats, E4m3Code, kGridScalar>(step); }
void grid_e5m2_scalar(const GridStep& step) { decode_and_multiply<Floats, E5m2Code, kGridScalar>(step); }
void grid_int8_scalar(const GridStep& step) {
  decode_and_multiply<Integers, IntegerCode<int32_t, 8>, kGridScalar>(step);
}
void grid_int4_scalar(const GridStep& step) {
  decode_and_multiply<Integers, IntegerCode<int32_t, 4>, kGridScalar>(step);
}
void grid_mxfp6_scalar(const GridStep& step) { scale_and_multiply<Floats, E2m3Code, E3m2Code, 32, kGridScalar>(step); }
void grid_mxfp4_scalar(const GridStep& step) { scale_and_multiply<Floats, E2m1Code, E2m1Code, 32, kGridScalar>(step); }
void grid_nvfp4_scalar(const GridStep& step) { scale_and_multiply<Floats, E2m1Code, E2m1Code, 16, kGridScalar>(step); }

}  // namespace assay::probes::host
