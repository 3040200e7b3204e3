// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/host/chain_kernel.h"
#include "probes/backend/host/families.h"
#include "probes/backend/host/shuffle/variants.h"
#include "probes/catalogue/shuffle.h"

namespace assay::probes::host {
namespace {

constexpr ChainShape kShuffle{shuffle::kStateWords,
                              shuffle::kParamWords,
                              shuffle::kStateWords,
                              shuffle::kSteps,
                              per_run(shuffle::kSteps, 64.0 * shuffle::kIterations * shuffle::kVectors),
                              shuffle::operands};

constexpr KernelEntry kEntries[] = {
    {shuffle::kId, Variant::kScalar, nullptr, "scalar loads and stores (no permute unit)", make_chain<kShuffle, shuffle_scalar, 1>},
#if defined(__x86_64__)
    {shuffle::kId, Variant::kAvx2, &CpuFeatures::avx2, "256-bit permutes and shuffles", make_chain<kShuffle, shuffle_avx2, 4>},
    {shuffle::kId, Variant::kAvx512, &CpuFeatures::avx512, "512-bit permutes and shuffles", make_chain<kShuffle, shuffle_avx512, 8>},
#elif defined(__aarch64__)
    {shuffle::kId, Variant::kNeon, &CpuFeatures::neon, "128-bit NEON permutes and shuffles", make_chain<kShuffle, shuffle_neon, 2>},
#endif
};

}  // namespace

std::span<const KernelEntry> shuffle_kernels() { return kEntries; }

}  // namespace assay::probes::host
