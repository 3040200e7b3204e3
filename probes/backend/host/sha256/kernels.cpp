// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/host/chain_kernel.h"
#include "probes/backend/host/families.h"
#include "probes/backend/host/sha256/variants.h"
#include "probes/catalogue/sha256.h"

namespace assay::probes::host {
namespace {

constexpr ChainShape kSha256{sha256::kStateWords,
                             sha256::kParamWords,
                             sha256::kStateWords,
                             sha256::kSteps,
                             per_run(sha256::kSteps, 64.0 * sha256::kIterations * sha256::kChains),
                             sha256::operands};

constexpr KernelEntry kEntries[] = {
    {sha256::kId, Variant::kScalar, nullptr, "scalar 32-bit rotates, logic and additions (no SHA unit)", make_chain<kSha256, sha256_scalar, 1>},
#if defined(__x86_64__)
    {sha256::kId, Variant::kSse, &CpuFeatures::sha, "SHA-NI rounds and message schedule", make_chain<kSha256, sha256_sse, 2>},
#endif
};

}  // namespace

std::span<const KernelEntry> sha256_kernels() { return kEntries; }

}  // namespace assay::probes::host
