// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/host/aes/variants.h"
#include "probes/backend/host/chain_kernel.h"
#include "probes/backend/host/families.h"
#include "probes/catalogue/aes.h"

namespace assay::probes::host {
namespace {

constexpr ChainShape kAes{aes::kStateWords,
                          aes::kParamWords,
                          aes::kStateWords,
                          aes::kSteps,
                          per_run(aes::kSteps, 16.0 * aes::kIterations * aes::kBlocks),
                          aes::operands};

constexpr KernelEntry kEntries[] = {
    {aes::kId, Variant::kScalar, nullptr, "scalar integer, table in L1 (no AES unit)", make_chain<kAes, aes_scalar, 1>},
#if defined(__x86_64__)
    {aes::kId, Variant::kSse, &CpuFeatures::aes, "AES-NI, 128-bit", make_chain<kAes, aes_sse, 2>},
    {aes::kId, Variant::kAvx512, &CpuFeatures::vaes512, "VAES, 512-bit", make_chain<kAes, aes_avx512, 8>},
#elif defined(__aarch64__)
    {aes::kId, Variant::kNeon, &CpuFeatures::arm_aes, "AESE and AESMC", make_chain<kAes, aes_neon, 2>},
#endif
};

}  // namespace

std::span<const KernelEntry> aes_kernels() { return kEntries; }

}  // namespace assay::probes::host
