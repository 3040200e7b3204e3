// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/host/chain_kernel.h"
#include "probes/backend/host/families.h"
#include "probes/backend/host/sort/variants.h"
#include "probes/catalogue/sort.h"

namespace assay::probes::host {
namespace {

// Elements put in order.
constexpr ChainShape kSort{sort::kStateWords, sort::kParamWords, sort::kStateWords, sort::kSteps, per_run(sort::kSteps, sort::kElements), sort::operands};

constexpr KernelEntry kEntries[] = {
    {sort::kId, Variant::kScalar, nullptr, "branch prediction, integer comparison, loads and stores of L1", make_chain<kSort, sort_scalar, 1>},
#if defined(__x86_64__)
    {sort::kId, Variant::kAvx512, &CpuFeatures::avx512, "as scalar, and every fifth step 512-bit comparisons into masks, blends and permutes", make_chain<kSort, sort_avx512, 8>},
#endif
};

}  // namespace

std::span<const KernelEntry> sort_kernels() { return kEntries; }

}  // namespace assay::probes::host
