// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/host/chain_kernel.h"
#include "probes/backend/host/families.h"
#include "probes/backend/host/int_mul/variants.h"
#include "probes/catalogue/int_mul.h"

namespace assay::probes::host {
namespace {

constexpr ChainShape kIntMul{int_mul::kStateWords,
                             int_mul::kParamWords,
                             int_mul::kStateWords,
                             int_mul::kSteps,
                             per_run(int_mul::kSteps, 1.0 * int_mul::kIterations * int_mul::kLanes),
                             int_mul::operands};

constexpr KernelEntry kEntries[] = {
    {int_mul::kId, Variant::kScalar, nullptr, "scalar 64-bit multiplier, both halves", make_chain<kIntMul, int_mul_scalar, 1>},
#if defined(__x86_64__)
    {int_mul::kId, Variant::kAvx2, &CpuFeatures::avx2, "256-bit 32-bit multipliers, 64-bit products put together", make_chain<kIntMul, int_mul_avx2, 4>},
    {int_mul::kId, Variant::kAvx512, &CpuFeatures::avx512, "512-bit 64-bit multipliers", make_chain<kIntMul, int_mul_avx512, 8>},
#endif
};

}  // namespace

std::span<const KernelEntry> int_mul_kernels() { return kEntries; }

}  // namespace assay::probes::host
