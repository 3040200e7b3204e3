// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/host/families.h"
#include "probes/backend/host/hashmap/kernel.h"
#include "probes/catalogue/hashmap.h"

namespace assay::probes::host {
namespace {

constexpr KernelEntry kEntries[] = {
    {hashmap::kId, Variant::kScalar, nullptr, "dependent loads and stores of L1 and L2, 64-bit multiplier, branch prediction", make_hashmap},
};

}  // namespace

std::span<const KernelEntry> hashmap_kernels() { return kEntries; }

}  // namespace assay::probes::host
