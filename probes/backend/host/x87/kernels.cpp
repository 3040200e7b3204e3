// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/host/chain_kernel.h"
#include "probes/backend/host/families.h"
#include "probes/backend/host/x87/variants.h"
#include "probes/catalogue/x87.h"
#include "probes/catalogue/x87_atan.h"

namespace assay::probes::host {

#if defined(__x86_64__)
namespace {

constexpr ChainShape kArith{x87::kStateWords,
                            x87::kParamWords,
                            x87::kStateWords,
                            x87::kSteps,
                            per_run(x87::kSteps, 1.0 * x87::kOperations * x87::kIterations * x87::kLanes),
                            x87::operands};

constexpr ChainShape kAtan{x87_atan::kStateWords,
                           x87_atan::kParamWords,
                           x87_atan::kStateWords,
                           x87_atan::kSteps,
                           per_run(x87_atan::kSteps, 1.0 * x87_atan::kResults * x87_atan::kIterations * x87_atan::kLanes),
                           x87_atan::operands};

constexpr KernelEntry kEntries[] = {
    {x87::kIdArith, Variant::kX87, nullptr, "80-bit x87 add, multiply, divide, square root, scale, round and remainder", make_chain<kArith, x87_arith, 1>},
    {x87_atan::kId, Variant::kX87, nullptr, "80-bit x87 sine, cosine, tangent, arctangent, logarithm and power of two", make_chain<kAtan, x87_atan_functions, 1>},
};

}  // namespace

std::span<const KernelEntry> x87_kernels() { return kEntries; }
#else
std::span<const KernelEntry> x87_kernels() { return {}; }
#endif

}  // namespace assay::probes::host
