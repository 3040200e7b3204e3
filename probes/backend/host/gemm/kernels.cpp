// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/host/families.h"
#include "probes/backend/host/gemm/kernel.h"
#include "probes/backend/host/gemm/variants.h"
#include "probes/catalogue/gemm.h"

namespace assay::probes::host {
namespace {

template <auto kProduct, const GemmBlock& kBlock>
std::unique_ptr<Kernel> product(const KernelSite&) {
  return make_gemm(kProduct, kBlock);
}

constexpr KernelEntry kEntries[] = {
    {gemm::kIdF64, Variant::kScalar, nullptr, "scalar FP64 multiply and add", product<gemm_f64_scalar, kGemmScalar>},
    {gemm::kIdF32, Variant::kScalar, nullptr, "scalar FP32 multiply and add", product<gemm_f32_scalar, kGemmScalar>},
#if defined(__x86_64__)
    {gemm::kIdF64, Variant::kAvx2, &CpuFeatures::avx2, "256-bit FP64 FMA", product<gemm_f64_avx2, kGemmAvx2>},
    {gemm::kIdF64, Variant::kAvx512, &CpuFeatures::avx512, "512-bit FP64 FMA", product<gemm_f64_avx512, kGemmAvx512>},
    {gemm::kIdF32, Variant::kAvx2, &CpuFeatures::avx2, "256-bit FP32 FMA", product<gemm_f32_avx2, kGemmAvx2>},
    {gemm::kIdF32, Variant::kAvx512, &CpuFeatures::avx512, "512-bit FP32 FMA", product<gemm_f32_avx512, kGemmAvx512>},
#elif defined(__aarch64__)
    {gemm::kIdF64, Variant::kNeon, &CpuFeatures::neon, "128-bit NEON FP64 FMA", product<gemm_f64_neon, kGemmNeon>},
    {gemm::kIdF32, Variant::kNeon, &CpuFeatures::neon, "128-bit NEON FP32 FMA", product<gemm_f32_neon, kGemmNeon>},
#endif
};

}  // namespace

std::span<const KernelEntry> gemm_kernels() { return kEntries; }

}  // namespace assay::probes::host
