// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/host/chain_kernel.h"
#include "probes/backend/host/clmul/variants.h"
#include "probes/backend/host/families.h"
#include "probes/catalogue/clmul.h"

namespace assay::probes::host {
namespace {

// An iteration makes seven products a lane.
constexpr ChainShape kClmul{clmul::kStateWords,
                            clmul::kParamWords,
                            clmul::kStateWords,
                            clmul::kSteps,
                            per_run(clmul::kSteps, 7.0 * clmul::kIterations * clmul::kLanes),
                            clmul::operands};

constexpr KernelEntry kEntries[] = {
    {clmul::kId, Variant::kScalar, nullptr, "scalar shifts, logic and table loads (no carry-less multiplier)", make_chain<kClmul, clmul_scalar, 1>},
#if defined(__x86_64__)
    {clmul::kId, Variant::kSse, &CpuFeatures::pclmul, "128-bit carry-less multiplier (PCLMULQDQ)", make_chain<kClmul, clmul_sse, 2>},
    {clmul::kId, Variant::kAvx512, &CpuFeatures::vpclmul512, "512-bit carry-less multipliers (VPCLMULQDQ)", make_chain<kClmul, clmul_avx512, 8>},
#endif
};

}  // namespace

std::span<const KernelEntry> clmul_kernels() { return kEntries; }

}  // namespace assay::probes::host
