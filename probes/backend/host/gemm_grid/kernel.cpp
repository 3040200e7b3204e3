// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/host/gemm_grid/kernel.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "probes/backend/host/aligned_buffer.h"

namespace assay::probes::host {
namespace {

using gemm_grid::BlockScale;
using gemm_grid::kColumns;
using gemm_grid::kDepth;
using gemm_grid::kRows;

// The number of an e4m3 scale: normal and positive, as gemm_grid.h makes them.
float e4m3_value(uint8_t code) { return std::ldexp(static_cast<float>(8 + code % 8), code / 8 - 10); }

class GridKernel final : public Kernel {
 public:
  GridKernel(const gemm_grid::Kind& kind, GridProduct product, const GridBlock& block, GridOperands operands)
      : kind_(kind),
        product_(product),
        block_(block),
        operands_(operands),
        a_(size_t{kRows} * kDepth * kind.code_bytes / sizeof(uint64_t)),
        b_(size_t{kColumns} * kDepth * kind.code_bytes / sizeof(uint64_t)),
        scratch_a_(size_t{kRows} * kDepth / 2),
        scratch_b_(size_t{kColumns} * kDepth / 2),
        c_(size_t{kRows} * kColumns / 2) {
    for (float& scale : scale_a_) scale = 1;
    for (float& scale : scale_b_) scale = 1;
  }

  bool has_memory() const {
    return !a_.empty() && !b_.empty() && !scratch_a_.empty() && !scratch_b_.empty() && !c_.empty();
  }

  void prepare(uint32_t operand_set) override {
    gemm_grid::Scales scales;
    operands_(kind_, operand_set, block_, a_.data(), b_.data(), scales);
    if (kind_.scale == BlockScale::kNone) return;
    const gemm_grid::Layout layout = layout_of(block_);
    arrange(scales.a, kRows, layout.lines_of_a, scales.tensor_a, scale_a_);
    arrange(scales.b, kColumns, layout.lines_of_b, scales.tensor_b, scale_b_);
  }
  uint32_t steps() const override { return kind_.steps; }
  void step(uint32_t index) override {
    product_({a_.data(), b_.data(), scale_a_.data(), scale_b_.data(), words(scratch_a_), words(scratch_b_),
              index * kind_.turns * kind_.shift, kind_.turns, kind_.shift, words(c_)});
  }
  std::span<uint64_t> output() override { return c_.span(); }
  uint32_t words_per_vector() const override { return std::max(1U, static_cast<uint32_t>(block_.width) / 2); }
  double work_per_run() const override { return 2.0 * kRows * kColumns * kDepth * kind_.steps * kind_.turns; }

 private:
  static uint32_t* words(const AlignedBuffer& buffer) { return reinterpret_cast<uint32_t*>(buffer.data()); }

  // From codes by line and block to numbers as GridStep wants them.
  void arrange(std::span<const uint8_t> codes, uint32_t lines, uint32_t panel, float tensor, std::span<float> out) const {
    const uint32_t blocks = kDepth / kind_.block;
    for (uint32_t line = 0; line < lines; ++line) {
      for (uint32_t x = 0; x < blocks; ++x) {
        const uint8_t code = codes[line * gemm_grid::kMaxBlocks + x];
        const float scale = kind_.scale == BlockScale::kE8m0 ? std::ldexp(1.0F, code - kE8m0Bias) : e4m3_value(code);
        out[(line / panel * blocks + x) * panel + line % panel] = scale * tensor;
      }
    }
  }

  const gemm_grid::Kind& kind_;
  GridProduct product_;
  GridBlock block_;
  GridOperands operands_;
  AlignedBuffer a_;
  AlignedBuffer b_;
  AlignedBuffer scratch_a_;
  AlignedBuffer scratch_b_;
  AlignedBuffer c_;
  alignas(64) std::array<float, size_t{kRows} * gemm_grid::kMaxBlocks> scale_a_{};
  alignas(64) std::array<float, size_t{kColumns} * gemm_grid::kMaxBlocks> scale_b_{};
};

}  // namespace

gemm_grid::Layout layout_of(const GridBlock& block) {
  return {static_cast<uint32_t>(block.rows), static_cast<uint32_t>(block.columns()), static_cast<uint32_t>(block.run)};
}

void grid_operands(const gemm_grid::Kind& kind, uint32_t operand_set, const GridBlock& block, void* a, void* b,
                   gemm_grid::Scales& scales) {
  gemm_grid::operands(kind, operand_set, layout_of(block), a, b, scales);
}

std::unique_ptr<Kernel> make_grid(const gemm_grid::Kind& kind, GridProduct product, const GridBlock& block,
                                  GridOperands operands) {
  auto kernel = std::make_unique<GridKernel>(kind, product, block, operands);
  if (!kernel->has_memory()) return nullptr;
  return kernel;
}

}  // namespace assay::probes::host
