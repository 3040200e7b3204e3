// SPDX-License-Identifier: Apache-2.0
// The entry points of the files that are compiled for one instruction set each: raw pointers, no library. See
// probes/catalogue/hashmap.h. A table is kSlots slots of a key (0: empty) and a value, words 2 i and 2 i + 1, the key of a
// slot at its home or in the run of full slots behind it; then cursor and digest.
#pragma once

#include <cstdint>

#include "probes/catalogue/hashmap.h"

namespace assay::probes::host {

inline constexpr uint32_t kHashMapSlots = hashmap::kKeys;
inline constexpr uint32_t kHashMapStateWords = 2 * kHashMapSlots + 2;

// Puts what is there at first into an empty table.
void hashmap_fill_scalar(uint64_t* state, const uint64_t* params);
// One step: carries the state on and writes hashmap::kOutputWords. Ends whatever the state is, even if it was spoilt.
void hashmap_step_scalar(uint64_t* state, const uint64_t* params, uint64_t* output);

}  // namespace assay::probes::host
