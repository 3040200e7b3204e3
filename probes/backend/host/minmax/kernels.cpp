// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/host/chain_kernel.h"
#include "probes/backend/host/families.h"
#include "probes/backend/host/minmax/variants.h"
#include "probes/catalogue/minmax.h"

namespace assay::probes::host {
namespace {

constexpr ChainShape kMinMax{minmax::kStateWords,
                             minmax::kParamWords,
                             minmax::kStateWords,
                             minmax::kSteps,
                             per_run(minmax::kSteps, 1.0 * minmax::kResults * minmax::kIterations * minmax::kLanes),
                             minmax::operands};

constexpr KernelEntry kEntries[] = {
    {minmax::kId, Variant::kScalar, nullptr, "scalar integer and floating-point comparisons, conditional moves", make_chain<kMinMax, minmax_scalar, 1>},
#if defined(__x86_64__)
    {minmax::kId, Variant::kSse, &CpuFeatures::sse42, "128-bit minima, maxima, comparisons and blends; 64-bit integer minima put together", make_chain<kMinMax, minmax_sse, 2>},
    {minmax::kId, Variant::kAvx2, &CpuFeatures::avx2, "256-bit minima, maxima, comparisons and blends; 64-bit integer minima put together", make_chain<kMinMax, minmax_avx2, 4>},
    {minmax::kId, Variant::kAvx512, &CpuFeatures::avx512, "512-bit minima, maxima, comparisons into mask registers, masked blends", make_chain<kMinMax, minmax_avx512, 8>},
#endif
};

}  // namespace

std::span<const KernelEntry> minmax_kernels() { return kEntries; }

}  // namespace assay::probes::host
