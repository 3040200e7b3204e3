// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/host/chain_kernel.h"
#include "probes/backend/host/families.h"
#include "probes/backend/host/fma/variants.h"
#include "probes/catalogue/fma.h"

namespace assay::probes::host {
namespace {

constexpr ChainShape kFmaF64{fma::kStateWords,
                             fma::kParamWords,
                             fma::kStateWords,
                             fma::kSteps,
                             per_run(fma::kSteps, 4.0 * fma::kIterations * fma::kLanesF64),
                             fma::operands_f64};
constexpr ChainShape kFmaF32{fma::kStateWords,
                             fma::kParamWords,
                             fma::kStateWords,
                             fma::kSteps,
                             per_run(fma::kSteps, 4.0 * fma::kIterations * fma::kLanesF32),
                             fma::operands_f32};

constexpr KernelEntry kEntries[] = {
    {fma::kIdF64, Variant::kScalar, nullptr, "scalar FP64 FMA, or its emulation by the C library where there is none", make_chain<kFmaF64, fma_f64_scalar, 1>},
    {fma::kIdF32, Variant::kScalar, nullptr, "scalar FP32 FMA, or its emulation by the C library where there is none", make_chain<kFmaF32, fma_f32_scalar, 1>},
#if defined(__x86_64__)
    {fma::kIdF64, Variant::kAvx2, &CpuFeatures::avx2, "256-bit FP64 FMA", make_chain<kFmaF64, fma_f64_avx2, 4>},
    {fma::kIdF64, Variant::kAvx512, &CpuFeatures::avx512, "512-bit FP64 FMA", make_chain<kFmaF64, fma_f64_avx512, 8>},
    {fma::kIdF32, Variant::kAvx2, &CpuFeatures::avx2, "256-bit FP32 FMA", make_chain<kFmaF32, fma_f32_avx2, 4>},
    {fma::kIdF32, Variant::kAvx512, &CpuFeatures::avx512, "512-bit FP32 FMA", make_chain<kFmaF32, fma_f32_avx512, 8>},
#elif defined(__aarch64__)
    {fma::kIdF64, Variant::kNeon, &CpuFeatures::neon, "128-bit NEON FP64 FMA", make_chain<kFmaF64, fma_f64_neon, 2>},
    {fma::kIdF32, Variant::kNeon, &CpuFeatures::neon, "128-bit NEON FP32 FMA", make_chain<kFmaF32, fma_f32_neon, 2>},
#endif
};

}  // namespace

std::span<const KernelEntry> fma_kernels() { return kEntries; }

}  // namespace assay::probes::host
