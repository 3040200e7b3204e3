// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/host/chain_kernel.h"
#include "probes/backend/host/families.h"
#include "probes/backend/host/int_bytes/variants.h"
#include "probes/catalogue/int_bytes.h"

namespace assay::probes::host {
namespace {

constexpr ChainShape kIntBytes{int_bytes::kStateWords,
                               int_bytes::kParamWords,
                               int_bytes::kStateWords,
                               int_bytes::kSteps,
                               per_run(int_bytes::kSteps, 64.0 * int_bytes::kIterations * int_bytes::kChains),
                               int_bytes::operands};

constexpr KernelEntry kEntries[] = {
    {int_bytes::kId, Variant::kScalar, nullptr, "scalar shifts, byte loads and stores (no permute unit)",
     make_chain<kIntBytes, int_bytes_scalar, 1>},
#if defined(__x86_64__)
    {int_bytes::kId, Variant::kAvx512, &CpuFeatures::avx512_bytes,
     "512-bit byte permutes, bit fields, byte compress and expand, funnel shifts, counts (VBMI, VBMI2, BITALG)",
     make_chain<kIntBytes, int_bytes_avx512, 8>},
#endif
};

}  // namespace

std::span<const KernelEntry> int_bytes_kernels() { return kEntries; }

}  // namespace assay::probes::host
