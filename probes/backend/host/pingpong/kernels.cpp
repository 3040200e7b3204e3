// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/host/families.h"
#include "probes/backend/host/pingpong/kernel.h"
#include "probes/catalogue/pingpong.h"

namespace assay::probes::host {
namespace {

constexpr KernelEntry kEntries[] = {
    {pingpong::kId, Variant::kScalar, nullptr, "store buffers, byte merging and cache lines that travel between CPUs", make_pingpong, 2},
};

}  // namespace

std::span<const KernelEntry> pingpong_kernels() { return kEntries; }

}  // namespace assay::probes::host
