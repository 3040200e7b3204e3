// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/host/chacha20/variants.h"
#include "probes/backend/host/chain_kernel.h"
#include "probes/backend/host/families.h"
#include "probes/catalogue/chacha20.h"

namespace assay::probes::host {
namespace {

constexpr ChainShape kChaCha20{chacha20::kStateWords,
                               chacha20::kParamWords,
                               chacha20::kStateWords,
                               chacha20::kSteps,
                               per_run(chacha20::kSteps, 64.0 * chacha20::kIterations * chacha20::kBlocks),
                               chacha20::operands};

constexpr KernelEntry kEntries[] = {
    {chacha20::kId, Variant::kScalar, nullptr, "scalar 32-bit additions, exclusive or and rotates", make_chain<kChaCha20, chacha20_scalar, 1>},
#if defined(__x86_64__)
    {chacha20::kId, Variant::kSse, &CpuFeatures::sse42, "128-bit additions, logic, shifts and byte permutes", make_chain<kChaCha20, chacha20_sse, 2>},
    {chacha20::kId, Variant::kAvx2, &CpuFeatures::avx2, "256-bit additions, logic, shifts and byte permutes", make_chain<kChaCha20, chacha20_avx2, 4>},
    {chacha20::kId, Variant::kAvx512, &CpuFeatures::avx512, "512-bit additions, logic and rotates", make_chain<kChaCha20, chacha20_avx512, 8>},
#endif
};

}  // namespace

std::span<const KernelEntry> chacha20_kernels() { return kEntries; }

}  // namespace assay::probes::host
