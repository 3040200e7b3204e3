// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/host/chain_kernel.h"
#include "probes/backend/host/families.h"
#include "probes/backend/host/interp/variants.h"
#include "probes/catalogue/interp.h"

namespace assay::probes::host {
namespace {

// Instructions of the interpreted machine.
constexpr ChainShape kInterp{interp::kStateWords, interp::kParamWords, interp::kStateWords, interp::kSteps, per_run(interp::kSteps, interp::kInstructions), interp::operands};

constexpr KernelEntry kEntries[] = {
    {interp::kId, Variant::kScalar, nullptr, "fetch and decode, indirect branch prediction, store forwarding, integer units", make_chain<kInterp, interp_scalar, 1>},
};

}  // namespace

std::span<const KernelEntry> interp_kernels() { return kEntries; }

}  // namespace assay::probes::host
