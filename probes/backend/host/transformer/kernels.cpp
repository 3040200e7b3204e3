// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/host/chain_kernel.h"
#include "probes/backend/host/families.h"
#include "probes/backend/host/transformer/variants.h"
#include "probes/catalogue/transformer.h"

namespace assay::probes::host {
namespace {

constexpr ChainShape kStep{transformer::kStateWords,
                           transformer::kParamWords,
                           transformer::kStateWords,
                           transformer::kSteps,
                           per_run(transformer::kSteps, 2.0 * transformer::kTrainings * transformer::kMultiplyAdds),
                           transformer::operands};

constexpr KernelEntry kEntries[] = {
    {transformer::kId, Variant::kScalar, nullptr, "scalar FP32 FMA (or its emulation by the C library where there is none), add, multiply, divide, square root", make_chain<kStep, transformer_scalar, 1>},
#if defined(__x86_64__)
    {transformer::kId, Variant::kAvx2, &CpuFeatures::avx2, "256-bit FP32 FMA, add, multiply, divide, square root, max, conversion", make_chain<kStep, transformer_avx2, 4>},
    {transformer::kId, Variant::kAvx512, &CpuFeatures::avx512, "512-bit FP32 FMA, add, multiply, divide, square root, max, conversion", make_chain<kStep, transformer_avx512, 8>},
#endif
};

}  // namespace

std::span<const KernelEntry> transformer_kernels() { return kEntries; }

}  // namespace assay::probes::host
