// SPDX-License-Identifier: Apache-2.0
// After a mismatch: which words were wrong. The right ones are computed on another unit, and count only when their digest is the
// golden; the wrong ones are those of the failing run itself where they were kept, and are read again past the caches.
#pragma once

#include <cstdint>
#include <vector>

#include "common/model/observation.h"
#include "probes/backend/host/slice.h"
#include "probes/backend/host/unit_loop.h"

namespace assay::probes::host {

// Records of the first failing run of a unit, at most limits::kMismatchRecordsPerUnit, at least one. `suspects` are the logical CPUs
// that failed in this request: none of them is asked for the right words. `slice.deadline` is that of the diagnosis.
// One record with word_index kWholeDigest when no other unit reproduces the golden, or when the words were right as read here.
std::vector<MismatchRecord> diagnose(const Slice& slice, const Failure& failure, uint32_t unit, const std::vector<uint32_t>& suspects);

}  // namespace assay::probes::host
