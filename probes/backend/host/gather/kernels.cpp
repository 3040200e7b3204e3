// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/host/chain_kernel.h"
#include "probes/backend/host/families.h"
#include "probes/backend/host/gather/variants.h"
#include "probes/catalogue/gather.h"

namespace assay::probes::host {
namespace {

// An iteration loads and stores three words and three half words a lane.
constexpr ChainShape kGather{gather::kStateWords,
                             gather::kParamWords,
                             gather::kStateWords,
                             gather::kSteps,
                             per_run(gather::kSteps, 36.0 * gather::kIterations * gather::kLanes),
                             gather::operands};

constexpr KernelEntry kEntries[] = {
    {gather::kId, Variant::kScalar, nullptr, "scalar loads and stores of 32 and 64 bits, forwarding from stores to loads",
     make_chain<kGather, gather_scalar, 1>},
#if defined(__x86_64__)
    {gather::kId, Variant::kAvx2, &CpuFeatures::avx2, "256-bit gathers; scalar stores", make_chain<kGather, gather_avx2, 4>},
    {gather::kId, Variant::kAvx512, &CpuFeatures::avx512, "512-bit gathers and scatters", make_chain<kGather, gather_avx512, 8>},
#endif
};

}  // namespace

std::span<const KernelEntry> gather_kernels() { return kEntries; }

}  // namespace assay::probes::host
