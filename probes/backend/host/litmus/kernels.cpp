// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/host/families.h"
#include "probes/backend/host/litmus/kernel.h"
#include "probes/catalogue/litmus.h"

namespace assay::probes::host {
namespace {

constexpr KernelEntry kEntries[] = {
    {litmus::kId, Variant::kScalar, nullptr, "store and load buffers, fences and coherence between CPUs", make_litmus, 2},
};

}  // namespace

std::span<const KernelEntry> litmus_kernels() { return kEntries; }

}  // namespace assay::probes::host
