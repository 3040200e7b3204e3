// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/host/chain_kernel.h"
#include "probes/backend/host/families.h"
#include "probes/backend/host/int_div/variants.h"
#include "probes/catalogue/int_div.h"

namespace assay::probes::host {
namespace {

// An iteration divides five times a lane.
constexpr ChainShape kIntDiv{int_div::kStateWords,
                             int_div::kParamWords,
                             int_div::kStateWords,
                             int_div::kSteps,
                             per_run(int_div::kSteps, 5.0 * int_div::kIterations * int_div::kLanes),
                             int_div::operands};

constexpr KernelEntry kEntries[] = {
    {int_div::kId, Variant::kScalar, nullptr, "scalar integer divider, 32 to 128 bits", make_chain<kIntDiv, int_div_scalar, 1>},
};

}  // namespace

std::span<const KernelEntry> int_div_kernels() { return kEntries; }

}  // namespace assay::probes::host
