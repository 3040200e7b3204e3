// SPDX-License-Identifier: Apache-2.0
// Outputs are poisoned before each step: a word that nobody wrote is then neither fresh nor a leftover.
#pragma once

#include <cstdint>
#include <span>

namespace assay::probes::host {

// What the outputs of one run are filled with beforehand: another value for each run, so that left-over outputs never look fresh.
uint64_t poison_of(uint64_t request_id, uint32_t unit, uint32_t run);
// In copies that double up to a page: they move whole vectors, where a loop moves one word at a time at -O2.
void fill_with(uint64_t poison, std::span<uint64_t> words);

}  // namespace assay::probes::host
