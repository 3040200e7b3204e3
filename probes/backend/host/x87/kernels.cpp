// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/host/chain_kernel.h"
#include "probes/backend/host/families.h"
#include "probes/backend/host/x87/variants.h"
#include "probes/catalogue/x87.h"

namespace assay::probes::host {

#if defined(__x86_64__)
namespace {

constexpr ChainShape kArith{x87::kStateWords,
                            x87::kParamWords,
                            x87::kStateWords,
                            x87::kSteps,
                            per_run(x87::kSteps, 1.0 * x87::kOperations * x87::kIterations * x87::kLanes),
                            x87::operands};

constexpr KernelEntry kEntries[] = {
    {x87::kIdArith, Variant::kX87, nullptr, "80-bit x87 add, multiply, divide, square root, scale, round and remainder", make_chain<kArith, x87_arith, 1>},
};

}  // namespace

std::span<const KernelEntry> x87_kernels() { return kEntries; }
#else
std::span<const KernelEntry> x87_kernels() { return {}; }
#endif

}  // namespace assay::probes::host
