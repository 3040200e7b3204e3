// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/host/families.h"
#include "probes/backend/host/atomics/kernel.h"
#include "probes/catalogue/atomics.h"

namespace assay::probes::host {
namespace {

constexpr KernelEntry kEntries[] = {
    {atomics::kId, Variant::kScalar, nullptr, "atomic read-modify-write and the caches between CPUs", make_atomics, 2},
};

}  // namespace

std::span<const KernelEntry> atomics_kernels() { return kEntries; }

}  // namespace assay::probes::host
