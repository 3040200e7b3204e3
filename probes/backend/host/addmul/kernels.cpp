// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/host/addmul/variants.h"
#include "probes/backend/host/chain_kernel.h"
#include "probes/backend/host/families.h"
#include "probes/catalogue/addmul.h"

namespace assay::probes::host {
namespace {

constexpr ChainShape kF64{addmul::kStateWords,
                          addmul::kParamWords,
                          addmul::kStateWords,
                          addmul::kSteps,
                          per_run(addmul::kSteps, 4.0 * addmul::kIterations * addmul::kLanesF64),
                          addmul::operands_f64};
constexpr ChainShape kF32{addmul::kStateWords,
                          addmul::kParamWords,
                          addmul::kStateWords,
                          addmul::kSteps,
                          per_run(addmul::kSteps, 4.0 * addmul::kIterations * addmul::kLanesF32),
                          addmul::operands_f32};

constexpr KernelEntry kEntries[] = {
    {addmul::kIdF64, Variant::kScalar, nullptr, "scalar FP64 adders and multipliers", make_chain<kF64, addmul_f64_scalar, 1>},
    {addmul::kIdF32, Variant::kScalar, nullptr, "scalar FP32 adders and multipliers", make_chain<kF32, addmul_f32_scalar, 1>},
#if defined(__x86_64__)
    {addmul::kIdF64, Variant::kSse, &CpuFeatures::sse42, "128-bit FP64 adders and multipliers", make_chain<kF64, addmul_f64_sse, 2>},
    {addmul::kIdF64, Variant::kAvx2, &CpuFeatures::avx2, "256-bit FP64 adders and multipliers", make_chain<kF64, addmul_f64_avx2, 4>},
    {addmul::kIdF64, Variant::kAvx512, &CpuFeatures::avx512, "512-bit FP64 adders and multipliers", make_chain<kF64, addmul_f64_avx512, 8>},
    {addmul::kIdF32, Variant::kSse, &CpuFeatures::sse42, "128-bit FP32 adders and multipliers", make_chain<kF32, addmul_f32_sse, 2>},
    {addmul::kIdF32, Variant::kAvx2, &CpuFeatures::avx2, "256-bit FP32 adders and multipliers", make_chain<kF32, addmul_f32_avx2, 4>},
    {addmul::kIdF32, Variant::kAvx512, &CpuFeatures::avx512, "512-bit FP32 adders and multipliers", make_chain<kF32, addmul_f32_avx512, 8>},
#endif
};

}  // namespace

std::span<const KernelEntry> addmul_kernels() { return kEntries; }

}  // namespace assay::probes::host
