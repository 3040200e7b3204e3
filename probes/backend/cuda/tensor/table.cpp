// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/cuda/tensor/table.h"

#include <algorithm>
#include <array>

#include "probes/backend/cuda/tensor/mma_shape.h"
#include "probes/backend/cuda/tensor/products.h"
#include "probes/backend/cuda/tensor/staged_shape.h"

namespace assay::probes::tensor {
namespace {

constexpr std::array kTable = {
    Program{"mma_fp64", "gemm.fp64.grid", kMmaFp64},
    Program{"tcgen05_tf32", "gemm.tf32.grid", kTcgen05Tf32},
    Program{"wgmma_tf32", "gemm.tf32.grid", kWgmmaTf32},
    Program{"mma_tf32", "gemm.tf32.grid", kMmaTf32},
    Program{"tcgen05_fp16", "gemm.fp16.grid", kTcgen05Fp16},
    Program{"wgmma_fp16", "gemm.fp16.grid", kWgmmaFp16},
    Program{"mma_fp16", "gemm.fp16.grid", kMmaFp16},
    Program{"tcgen05_bf16", "gemm.bf16.grid", kTcgen05Bf16},
    Program{"wgmma_bf16", "gemm.bf16.grid", kWgmmaBf16},
    Program{"mma_bf16", "gemm.bf16.grid", kMmaBf16},
    Program{"tcgen05_e4m3", "gemm.e4m3.grid", kTcgen05E4m3},
    Program{"wgmma_e4m3", "gemm.e4m3.grid", kWgmmaE4m3},
    Program{"mma_e4m3", "gemm.e4m3.grid", kMmaE4m3},
    Program{"tcgen05_e5m2", "gemm.e5m2.grid", kTcgen05E5m2},
    Program{"wgmma_e5m2", "gemm.e5m2.grid", kWgmmaE5m2},
    Program{"mma_e5m2", "gemm.e5m2.grid", kMmaE5m2},
    Program{"tcgen05_int8", "gemm.int8.grid", kTcgen05Int8},
    Program{"wgmma_int8", "gemm.int8.grid", kWgmmaInt8},
    Program{"mma_int8", "gemm.int8.grid", kMmaInt8},
    Program{"mma_int4", "gemm.int4.grid", kMmaInt4},
    Program{"tcgen05_mxfp6", "gemm.mxfp6.grid", kTcgen05Mxfp6},
    Program{"mma_mxfp6", "gemm.mxfp6.grid", kMmaMxfp6},
    Program{"tcgen05_mxfp4", "gemm.mxfp4.grid", kTcgen05Mxfp4},
    Program{"mma_mxfp4", "gemm.mxfp4.grid", kMmaMxfp4},
    Program{"tcgen05_nvfp4", "gemm.nvfp4.grid", kTcgen05Nvfp4},
    Program{"mma_nvfp4", "gemm.nvfp4.grid", kMmaNvfp4},
    Program{"wgmma_tf32_random", "gemm.tf32.random.hopper", kWgmmaTf32Random},
    Program{"mma_tf32_random", "gemm.tf32.random.hopper", kMmaTf32Random},
    Program{"wgmma_fp16_random", "gemm.fp16.random.hopper", kWgmmaFp16Random},
    Program{"mma_fp16_random", "gemm.fp16.random.hopper", kMmaFp16Random},
    Program{"wgmma_bf16_random", "gemm.bf16.random.hopper", kWgmmaBf16Random},
    Program{"mma_bf16_random", "gemm.bf16.random.hopper", kMmaBf16Random},
    Program{"wgmma_e4m3_random", "gemm.e4m3.random.hopper", kWgmmaE4m3Random},
    Program{"wgmma_e5m2_random", "gemm.e5m2.random.hopper", kWgmmaE5m2Random},
};
static_assert(kTable.size() == kPrograms);

}  // namespace

std::string_view Program::variant() const {
  switch (product.unit) {
    case Unit::kMma:
      return "mma";
    case Unit::kWgmma:
      return "wgmma";
    case Unit::kTcgen05:
      return "tcgen05";
  }
  return "";
}

uint32_t Program::lanes() const { return product.unit == Unit::kMma ? kLanes : kTeam; }

uint32_t Program::share_words() const {
  switch (product.unit) {
    case Unit::kMma:
      return 0;
    case Unit::kWgmma:
      return wgmma_share_words();
    case Unit::kTcgen05:
      return tcgen05_share_words();
  }
  return 0;
}

uint32_t Program::param_words() const {
  return product.unit == Unit::kMma ? mma_shape(product.number).param_words() : staged_shape(product.number).param_words();
}

uint32_t Program::out_words() const { return tensor::out_words(product.number); }

double Program::work_per_run() const {
  return 2.0 * rows_of(product.number) * kColumns * kDepth * product.turns * product.steps;
}

std::span<const Program> programs() { return kTable; }

const Program* find_program(std::string_view probe_id, std::string_view variant) {
  const auto found = std::ranges::find_if(kTable, [&](const Program& it) { return it.probe_id == probe_id && it.variant() == variant; });
  return found == kTable.end() ? nullptr : &*found;
}

}  // namespace assay::probes::tensor
