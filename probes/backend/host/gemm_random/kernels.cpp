// SPDX-License-Identifier: Apache-2.0
// gemm.bf16.random: VDPBF16PS, or the same chain of operations in FP32. The products of two bf16 are exact in FP32, so that
// fused and separate multiply-add round alike; and nothing in it is subnormal. The arithmetic is that of gemm_grid.
#include <algorithm>

#include "probes/backend/host/families.h"
#include "probes/backend/host/gemm_grid/kernel.h"
#include "probes/catalogue/gemm_random.h"

namespace assay::probes::host {
namespace {

// Shape and steps, for the kernel of gemm_grid.
constexpr gemm_grid::Kind kShape{
    gemm_random::kIdBf16, "bf16", gemm_grid::Element::kFloat, kBf16, kBf16, gemm_random::kVersion, 2, gemm_random::kSteps};
static_assert(kShape.shift == gemm_random::kShift);

void pairs(const gemm_grid::Kind&, uint32_t operand_set, const GridBlock& block, void* a, void* b, gemm_grid::Scales&) {
  gemm_random::operands(*gemm_random::find_kind(gemm_random::kIdBf16), operand_set, layout_of(block), a, b);
}

// One element after the other, as FP32 chains take them: the odd one of each pair first.
void odd_first(const gemm_grid::Kind& kind, uint32_t operand_set, const GridBlock& block, void* a, void* b,
               gemm_grid::Scales& scales) {
  pairs(kind, operand_set, block, a, b, scales);
  const auto swap = [](void* codes, uint32_t count, uint32_t panel) {
    auto* line = static_cast<uint16_t*>(codes);
    for (const uint16_t* end = line + count; line != end; line += 2 * panel) std::swap_ranges(line, line + panel, line + panel);
  };
  swap(a, gemm_grid::kRows * gemm_grid::kDepth, layout_of(block).lines_of_a);
  swap(b, gemm_grid::kColumns * gemm_grid::kDepth, layout_of(block).lines_of_b);
}

template <GridProduct kProduct, const GridBlock& kBlock, GridOperands kOperands>
std::unique_ptr<Kernel> product(const KernelSite&) {
  return make_grid(kShape, kProduct, kBlock, kOperands);
}

constexpr KernelEntry kEntries[] = {
    {gemm_random::kIdBf16, Variant::kScalar, nullptr, "scalar FP32 multiply and add in the order of VDPBF16PS, no BF16 unit",
     product<grid_bf16_scalar, kGridScalar, odd_first>},
#if defined(__x86_64__)
    {gemm_random::kIdBf16, Variant::kAvx2, &CpuFeatures::avx2, "256-bit FP32 FMA in the order of VDPBF16PS, no BF16 unit",
     product<grid_bf16_avx2, kGridAvx2, odd_first>},
    {gemm_random::kIdBf16, Variant::kAvx512, &CpuFeatures::avx512,
     "512-bit FP32 FMA in the order of VDPBF16PS, no BF16 unit", product<grid_bf16_avx512, kGridAvx512, odd_first>},
    {gemm_random::kIdBf16, Variant::kAvx512Bf16, &CpuFeatures::avx512_bf16,
     "512-bit VDPBF16PS, BF16 dot products into FP32 with its rounding", product<grid_bf16_avx512_bf16, kGridAvx512Pairs, pairs>},
#endif
};

}  // namespace

std::span<const KernelEntry> gemm_random_kernels() { return kEntries; }

}  // namespace assay::probes::host
