// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/host/families.h"
#include "probes/backend/host/hop/kernel.h"
#include "probes/catalogue/hop.h"

namespace assay::probes::host {
namespace {

constexpr KernelEntry kEntries[] = {
    {hop::kId, Variant::kScalar, nullptr, "caches and links between CPUs, scalar 64-bit multiplier of three of them", make_hop, 2},
};

}  // namespace

std::span<const KernelEntry> hop_kernels() { return kEntries; }

}  // namespace assay::probes::host
