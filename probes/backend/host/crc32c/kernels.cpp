// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/host/chain_kernel.h"
#include "probes/backend/host/crc32c/variants.h"
#include "probes/backend/host/families.h"
#include "probes/catalogue/crc32c.h"

namespace assay::probes::host {
namespace {

constexpr ChainShape kCrc32c{crc32c::kStateWords,
                             crc32c::kParamWords,
                             crc32c::kStateWords,
                             crc32c::kSteps,
                             per_run(crc32c::kSteps, 8.0 * crc32c::kDataWords * crc32c::kLanes),
                             crc32c::operands};

constexpr KernelEntry kEntries[] = {
    {crc32c::kId, Variant::kScalar, nullptr, "scalar integer, table in L1 (no CRC unit)", make_chain<kCrc32c, crc32c_scalar, 1>},
#if defined(__x86_64__)
    {crc32c::kId, Variant::kSse, &CpuFeatures::sse42, "CRC32 instruction", make_chain<kCrc32c, crc32c_sse, 1>},
#elif defined(__aarch64__)
    {crc32c::kId, Variant::kNeon, &CpuFeatures::arm_crc, "CRC32C instruction", make_chain<kCrc32c, crc32c_neon, 1>},
#endif
};

}  // namespace

std::span<const KernelEntry> crc32c_kernels() { return kEntries; }

}  // namespace assay::probes::host
