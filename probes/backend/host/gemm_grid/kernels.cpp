// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/host/families.h"
#include "probes/backend/host/gemm_grid/kernel.h"

namespace assay::probes::host {
namespace {

template <size_t kKind, GridProduct kProduct, const GridBlock& kBlock>
std::unique_ptr<Kernel> product(const KernelSite&) {
  return make_grid(gemm_grid::kKinds[kKind], kProduct, kBlock);
}

#if defined(__x86_64__)
// A with 128 added to each element (its top bit flipped), for instructions that multiply unsigned by signed bytes.
void unsigned_a(const gemm_grid::Kind& kind, uint32_t operand_set, const GridBlock& block, void* a, void* b, gemm_grid::Scales& scales) {
  grid_operands(kind, operand_set, block, a, b, scales);
  auto* words = static_cast<uint64_t*>(a);
  for (size_t i = 0; i < size_t{gemm_grid::kRows} * gemm_grid::kDepth / sizeof(uint64_t); ++i) words[i] ^= 0x8080808080808080U;
}

template <size_t kKind, GridProduct kProduct, const GridBlock& kBlock>
std::unique_ptr<Kernel> unsigned_product(const KernelSite&) {
  return make_grid(gemm_grid::kKinds[kKind], kProduct, kBlock, unsigned_a);
}
#endif

template <size_t kKind, GridProduct kProduct, const GridBlock& kBlock>
constexpr KernelEntry entry(Variant variant, bool CpuFeatures::*needs, std::string_view silicon) {
  return {gemm_grid::kKinds[kKind].id, variant, needs, silicon, product<kKind, kProduct, kBlock>};
}

// In the order of gemm_grid::kKinds.
enum KindIndex : size_t { kTf32, kFp16, kBf16, kE4m3, kE5m2, kInt8, kInt4, kMxfp6, kMxfp4, kNvfp4 };

constexpr std::string_view kScalarFloats = "scalar FP32 multiply and add behind decoding, no matrix unit";
constexpr std::string_view kScalarIntegers = "scalar 32-bit multiply and add behind decoding, no matrix unit";
#if defined(__x86_64__)
constexpr std::string_view kAvx2Floats = "256-bit FP32 FMA behind decoding, no matrix unit";
constexpr std::string_view kAvx2Integers = "256-bit VPMADDWD behind decoding, no matrix unit";
constexpr std::string_view kAvx512Floats = "512-bit FP32 FMA behind decoding, no matrix unit";
constexpr std::string_view kAvx512Integers = "512-bit VPMADDWD behind decoding, no matrix unit";
#endif

constexpr KernelEntry kEntries[] = {
    entry<kTf32, grid_tf32_scalar, kGridScalar>(Variant::kScalar, nullptr, kScalarFloats),
    entry<kFp16, grid_fp16_scalar, kGridScalar>(Variant::kScalar, nullptr, kScalarFloats),
    entry<kBf16, grid_bf16_scalar, kGridScalar>(Variant::kScalar, nullptr, kScalarFloats),
    entry<kE4m3, grid_e4m3_scalar, kGridScalar>(Variant::kScalar, nullptr, kScalarFloats),
    entry<kE5m2, grid_e5m2_scalar, kGridScalar>(Variant::kScalar, nullptr, kScalarFloats),
    entry<kInt8, grid_int8_scalar, kGridScalar>(Variant::kScalar, nullptr, kScalarIntegers),
    entry<kInt4, grid_int4_scalar, kGridScalar>(Variant::kScalar, nullptr, kScalarIntegers),
    entry<kMxfp6, grid_mxfp6_scalar, kGridScalar>(Variant::kScalar, nullptr, kScalarFloats),
    entry<kMxfp4, grid_mxfp4_scalar, kGridScalar>(Variant::kScalar, nullptr, kScalarFloats),
    entry<kNvfp4, grid_nvfp4_scalar, kGridScalar>(Variant::kScalar, nullptr, kScalarFloats),
#if defined(__x86_64__)
    entry<kTf32, grid_tf32_avx2, kGridAvx2>(Variant::kAvx2, &CpuFeatures::avx2, kAvx2Floats),
    entry<kFp16, grid_fp16_avx2, kGridAvx2>(
        Variant::kAvx2, &CpuFeatures::f16c, "F16C conversion, 256-bit FP32 FMA, no matrix unit"),
    entry<kBf16, grid_bf16_avx2, kGridAvx2>(Variant::kAvx2, &CpuFeatures::avx2, kAvx2Floats),
    entry<kE4m3, grid_e4m3_avx2, kGridAvx2>(Variant::kAvx2, &CpuFeatures::avx2, kAvx2Floats),
    entry<kE5m2, grid_e5m2_avx2, kGridAvx2>(Variant::kAvx2, &CpuFeatures::avx2, kAvx2Floats),
    entry<kInt8, grid_int8_avx2, kGridAvx2Pairs>(Variant::kAvx2, &CpuFeatures::avx2, kAvx2Integers),
    entry<kInt4, grid_int4_avx2, kGridAvx2Pairs>(Variant::kAvx2, &CpuFeatures::avx2, kAvx2Integers),
    entry<kMxfp6, grid_mxfp6_avx2, kGridAvx2>(Variant::kAvx2, &CpuFeatures::avx2, kAvx2Floats),
    entry<kMxfp4, grid_mxfp4_avx2, kGridAvx2>(Variant::kAvx2, &CpuFeatures::avx2, kAvx2Floats),
    entry<kNvfp4, grid_nvfp4_avx2, kGridAvx2>(Variant::kAvx2, &CpuFeatures::avx2, kAvx2Floats),
    entry<kTf32, grid_tf32_avx512, kGridAvx512>(Variant::kAvx512, &CpuFeatures::avx512, kAvx512Floats),
    entry<kFp16, grid_fp16_avx512, kGridAvx512>(
        Variant::kAvx512, &CpuFeatures::avx512, "512-bit conversion of FP16 and FP32 FMA, no matrix unit"),
    entry<kBf16, grid_bf16_avx512, kGridAvx512>(Variant::kAvx512, &CpuFeatures::avx512, kAvx512Floats),
    entry<kE4m3, grid_e4m3_avx512, kGridAvx512>(Variant::kAvx512, &CpuFeatures::avx512, kAvx512Floats),
    entry<kE5m2, grid_e5m2_avx512, kGridAvx512>(Variant::kAvx512, &CpuFeatures::avx512, kAvx512Floats),
    entry<kInt8, grid_int8_avx512, kGridAvx512Pairs>(Variant::kAvx512, &CpuFeatures::avx512, kAvx512Integers),
    entry<kInt4, grid_int4_avx512, kGridAvx512Pairs>(Variant::kAvx512, &CpuFeatures::avx512, kAvx512Integers),
    entry<kMxfp6, grid_mxfp6_avx512, kGridAvx512>(Variant::kAvx512, &CpuFeatures::avx512, kAvx512Floats),
    entry<kMxfp4, grid_mxfp4_avx512, kGridAvx512>(Variant::kAvx512, &CpuFeatures::avx512, kAvx512Floats),
    entry<kNvfp4, grid_nvfp4_avx512, kGridAvx512>(Variant::kAvx512, &CpuFeatures::avx512, kAvx512Floats),
    {gemm_grid::kKinds[kInt8].id, Variant::kAvx512Vnni, &CpuFeatures::avx512_vnni, "512-bit VPDPBUSD, INT8 dot products into INT32",
     unsigned_product<kInt8, grid_int8_avx512_vnni, kGridAvx512Quads>},
    entry<kInt4, grid_int4_avx512_vnni, kGridAvx512Quads>(
        Variant::kAvx512Vnni, &CpuFeatures::avx512_vnni, "512-bit VPDPBUSD on unpacked INT4, no INT4 unit"),
    entry<kBf16, grid_bf16_avx512_bf16, kGridAvx512Pairs>(
        Variant::kAvx512Bf16, &CpuFeatures::avx512_bf16, "512-bit VDPBF16PS, BF16 dot products into FP32"),
    entry<kFp16, grid_fp16_avx512_fp16, kGridFp16>(
        Variant::kAvx512Fp16, &CpuFeatures::avx512_fp16, "512-bit FP16 multiply and FMA, added up in FP32"),
    entry<kInt8, grid_int8_amx, kGridAmxInt8>(
        Variant::kAmx, &CpuFeatures::amx_int8, "AMX tile unit, TDPBSSD"),
    entry<kBf16, grid_bf16_amx, kGridAmxBf16>(
        Variant::kAmx, &CpuFeatures::amx_bf16, "AMX tile unit, TDPBF16PS"),
#endif
};

}  // namespace

std::span<const KernelEntry> gemm_grid_kernels() { return kEntries; }

}  // namespace assay::probes::host
