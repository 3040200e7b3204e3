// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/host/chain_kernel.h"
#include "probes/backend/host/families.h"
#include "probes/backend/host/int_bits/variants.h"
#include "probes/catalogue/int_bits.h"

namespace assay::probes::host {
namespace {

constexpr ChainShape kIntBits{int_bits::kStateWords,
                              int_bits::kParamWords,
                              int_bits::kStateWords,
                              int_bits::kSteps,
                              per_run(int_bits::kSteps, 1.0 * int_bits::kIterations * int_bits::kLanes),
                              int_bits::operands};

constexpr KernelEntry kEntries[] = {
    {int_bits::kId, Variant::kScalar, nullptr, "scalar shifts and logic (no bit-permute unit)", make_chain<kIntBits, int_bits_scalar, 1>},
#if defined(__x86_64__)
    {int_bits::kId, Variant::kBmi2, &CpuFeatures::bmi2, "PEXT, PDEP, BZHI, BEXTR, BLSI, BLSR, BLSMSK",
     make_chain<kIntBits, int_bits_bmi2, 1>},
#endif
};

}  // namespace

std::span<const KernelEntry> int_bits_kernels() { return kEntries; }

}  // namespace assay::probes::host
