// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/host/chain_kernel.h"
#include "probes/backend/host/families.h"
#include "probes/backend/host/logistic/variants.h"
#include "probes/catalogue/logistic.h"

namespace assay::probes::host {
namespace {

// Three operations in a fused turn (one is two), three in a plain one.
constexpr ChainShape kLogistic{logistic::kStateWords,
                               logistic::kParamWords,
                               logistic::kStateWords,
                               logistic::kSteps,
                               per_run(logistic::kSteps, 6.0 * logistic::kTurns * logistic::kIterations * logistic::kLanes),
                               logistic::operands};

constexpr KernelEntry kEntries[] = {
    {logistic::kId, Variant::kScalar, nullptr, "scalar FP64 multiply, subtract, FMA (or its emulation by the C library)", make_chain<kLogistic, logistic_scalar, 1>},
#if defined(__x86_64__)
    {logistic::kId, Variant::kAvx2, &CpuFeatures::avx2, "256-bit FP64 multiply, subtract, FMA", make_chain<kLogistic, logistic_avx2, 4>},
    {logistic::kId, Variant::kAvx512, &CpuFeatures::avx512, "512-bit FP64 multiply, subtract, FMA", make_chain<kLogistic, logistic_avx512, 8>},
#endif
};

}  // namespace

std::span<const KernelEntry> logistic_kernels() { return kEntries; }

}  // namespace assay::probes::host
