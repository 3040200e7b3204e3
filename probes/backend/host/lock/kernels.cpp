// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/host/families.h"
#include "probes/backend/host/lock/kernel.h"
#include "probes/catalogue/lock.h"

namespace assay::probes::host {
namespace {

constexpr KernelEntry kEntries[] = {
    {lock::kId, Variant::kScalar, nullptr, "locked operations and the order of stores between CPUs", make_lock, 2},
};

}  // namespace

std::span<const KernelEntry> lock_kernels() { return kEntries; }

}  // namespace assay::probes::host
