// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/host/chain_kernel.h"
#include "probes/backend/host/families.h"
#include "probes/backend/host/int_mul52/variants.h"
#include "probes/catalogue/int_mul52.h"

namespace assay::probes::host {
namespace {

constexpr ChainShape kIntMul52{int_mul52::kStateWords,
                               int_mul52::kParamWords,
                               int_mul52::kStateWords,
                               int_mul52::kSteps,
                               per_run(int_mul52::kSteps, 2.0 * int_mul52::kIterations * int_mul52::kLanes),
                               int_mul52::operands};

constexpr KernelEntry kEntries[] = {
    {int_mul52::kId, Variant::kScalar, nullptr, "scalar 64-bit multiplier, both halves", make_chain<kIntMul52, int_mul52_scalar, 1>},
#if defined(__x86_64__)
    {int_mul52::kId, Variant::kAvx512, &CpuFeatures::avx512_ifma, "512-bit 52-bit multiply-add (VPMADD52LUQ, VPMADD52HUQ)",
     make_chain<kIntMul52, int_mul52_avx512, 8>},
#endif
};

}  // namespace

std::span<const KernelEntry> int_mul52_kernels() { return kEntries; }

}  // namespace assay::probes::host
