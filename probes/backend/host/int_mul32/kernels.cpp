// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/host/chain_kernel.h"
#include "probes/backend/host/families.h"
#include "probes/backend/host/int_mul32/variants.h"
#include "probes/catalogue/int_mul32.h"

namespace assay::probes::host {
namespace {

// An iteration makes 64 products of elements a group of two words.
constexpr ChainShape kIntMul32{int_mul32::kStateWords,
                               int_mul32::kParamWords,
                               int_mul32::kStateWords,
                               int_mul32::kSteps,
                               per_run(int_mul32::kSteps, 32.0 * int_mul32::kIterations * int_mul32::kWords),
                               int_mul32::operands};

constexpr KernelEntry kEntries[] = {
    {int_mul32::kId, Variant::kScalar, nullptr, "scalar 32-bit and 64-bit multiplier, saturation by conditional moves",
     make_chain<kIntMul32, int_mul32_scalar, 1>},
#if defined(__x86_64__)
    {int_mul32::kId, Variant::kSse, &CpuFeatures::sse42, "128-bit multipliers of 8, 16 and 32 bits, saturating adders, packing",
     make_chain<kIntMul32, int_mul32_sse, 2>},
    {int_mul32::kId, Variant::kAvx2, &CpuFeatures::avx2, "256-bit multipliers of 8, 16 and 32 bits, saturating adders, packing",
     make_chain<kIntMul32, int_mul32_avx2, 4>},
    {int_mul32::kId, Variant::kAvx512, &CpuFeatures::avx512, "512-bit multipliers of 8, 16 and 32 bits, saturating adders, packing",
     make_chain<kIntMul32, int_mul32_avx512, 8>},
#endif
};

}  // namespace

std::span<const KernelEntry> int_mul32_kernels() { return kEntries; }

}  // namespace assay::probes::host
