// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/host/chain_kernel.h"
#include "probes/backend/host/div/variants.h"
#include "probes/backend/host/families.h"
#include "probes/catalogue/div.h"

namespace assay::probes::host {
namespace {

constexpr ChainShape kF64{div::kStateWords,
                          div::kParamWords,
                          div::kStateWords,
                          div::kSteps,
                          per_run(div::kSteps, 2.0 * div::kIterations * div::kLanesF64),
                          div::operands_f64};
constexpr ChainShape kF32{div::kStateWords,
                          div::kParamWords,
                          div::kStateWords,
                          div::kSteps,
                          per_run(div::kSteps, 2.0 * div::kIterations * div::kLanesF32),
                          div::operands_f32};

constexpr KernelEntry kEntries[] = {
    {div::kIdF64, Variant::kScalar, nullptr, "scalar FP64 divide and square root", make_chain<kF64, div_f64_scalar, 1>},
    {div::kIdF32, Variant::kScalar, nullptr, "scalar FP32 divide and square root", make_chain<kF32, div_f32_scalar, 1>},
#if defined(__x86_64__)
    {div::kIdF64, Variant::kSse, &CpuFeatures::sse42, "128-bit FP64 divide and square root", make_chain<kF64, div_f64_sse, 2>},
    {div::kIdF64, Variant::kAvx2, &CpuFeatures::avx2, "256-bit FP64 divide and square root", make_chain<kF64, div_f64_avx2, 4>},
    {div::kIdF64, Variant::kAvx512, &CpuFeatures::avx512, "512-bit FP64 divide and square root", make_chain<kF64, div_f64_avx512, 8>},
    {div::kIdF32, Variant::kSse, &CpuFeatures::sse42, "128-bit FP32 divide and square root", make_chain<kF32, div_f32_sse, 2>},
    {div::kIdF32, Variant::kAvx2, &CpuFeatures::avx2, "256-bit FP32 divide and square root", make_chain<kF32, div_f32_avx2, 4>},
    {div::kIdF32, Variant::kAvx512, &CpuFeatures::avx512, "512-bit FP32 divide and square root", make_chain<kF32, div_f32_avx512, 8>},
#elif defined(__aarch64__)
    {div::kIdF64, Variant::kNeon, &CpuFeatures::neon, "128-bit NEON FP64 divide and square root", make_chain<kF64, div_f64_neon, 2>},
    {div::kIdF32, Variant::kNeon, &CpuFeatures::neon, "128-bit NEON FP32 divide and square root", make_chain<kF32, div_f32_neon, 2>},
#endif
};

}  // namespace

std::span<const KernelEntry> div_kernels() { return kEntries; }

}  // namespace assay::probes::host
