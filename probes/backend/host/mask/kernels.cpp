// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/host/chain_kernel.h"
#include "probes/backend/host/families.h"
#include "probes/backend/host/mask/variants.h"
#include "probes/catalogue/mask.h"

namespace assay::probes::host {
namespace {

constexpr ChainShape kMask{mask::kStateWords,
                           mask::kParamWords,
                           mask::kStateWords,
                           mask::kSteps,
                           per_run(mask::kSteps, 64.0 * mask::kIterations * mask::kChains),
                           mask::operands};

constexpr KernelEntry kEntries[] = {
    {mask::kId, Variant::kScalar, nullptr, "scalar compares and conditional moves (no mask registers)", make_chain<kMask, mask_scalar, 1>},
#if defined(__x86_64__)
    {mask::kId, Variant::kAvx2, &CpuFeatures::avx2, "256-bit compares, moves of masks, blends; lanes parted by scalar stores",
     make_chain<kMask, mask_avx2, 4>},
    {mask::kId, Variant::kAvx512, &CpuFeatures::avx512, "mask registers; 512-bit compares into them, masked sums, blends, VPCOMPRESSD, VPEXPANDD",
     make_chain<kMask, mask_avx512, 8>},
#endif
};

}  // namespace

std::span<const KernelEntry> mask_kernels() { return kEntries; }

}  // namespace assay::probes::host
