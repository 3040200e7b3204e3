// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/host/chain_kernel.h"
#include "probes/backend/host/div/variants.h"
#include "probes/backend/host/families.h"
#include "probes/catalogue/div.h"

namespace assay::probes::host {
namespace {

constexpr ChainShape kDiv{div::kStateWords,
                          div::kParamWords,
                          div::kStateWords,
                          div::kSteps,
                          per_run(div::kSteps, 2.0 * div::kIterations * div::kLanes),
                          div::operands};

constexpr KernelEntry kEntries[] = {
    {div::kId, Variant::kScalar, nullptr, "scalar FP64 divide and square root", make_chain<kDiv, div_f64_scalar, 1>},
#if defined(__x86_64__)
    {div::kId, Variant::kAvx2, &CpuFeatures::avx2, "256-bit FP64 divide and square root", make_chain<kDiv, div_f64_avx2, 4>},
    {div::kId, Variant::kAvx512, &CpuFeatures::avx512, "512-bit FP64 divide and square root", make_chain<kDiv, div_f64_avx512, 8>},
#elif defined(__aarch64__)
    {div::kId, Variant::kNeon, &CpuFeatures::neon, "128-bit NEON FP64 divide and square root", make_chain<kDiv, div_f64_neon, 2>},
#endif
};

}  // namespace

std::span<const KernelEntry> div_kernels() { return kEntries; }

}  // namespace assay::probes::host
