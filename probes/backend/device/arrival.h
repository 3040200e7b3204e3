// SPDX-License-Identifier: Apache-2.0
// Outputs that are the result as they arrive somewhere else (ProgramShape::keeps_outputs()): the digest of a run is then that of the words which were
// fetched, not of those on the device. Alike for every backend, and pure: how words are fetched is the backend's.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "common/base/digest.h"
#include "probes/backend/device/portable.h"
#include "probes/backend/device/programs/launch.inl"

namespace assay::probes::device {

// The digest of a run's outputs, in the order of its steps.
Digest digest_of(std::span<const uint64_t> outputs);

// Puts the digest of the outputs that arrived in the place of the device's own. Whether they differ: then the way changed a word.
bool take_arrival(AssayRun& run, std::span<const uint64_t> arrived);

// The words that arrived otherwise than they lie on the device, at most `limit`: `sent` is the device's own digest and `again` the same outputs, fetched
// once more. Empty where those are not what the device digested either: then nobody knows what was sent. A record has step, word, what was expected and
// read again (`again`) and what arrived; who and which run is the caller's to add.
std::vector<AssayRecord> arrival_records(const ProgramShape& shape, const Digest& sent, std::span<const uint64_t> arrived, std::span<const uint64_t> again,
                                         size_t limit);

}  // namespace assay::probes::device
