// SPDX-License-Identifier: Apache-2.0
// The five methods of sort.merge (probes/catalogue/sort.h) and what follows them, as plain functions on raw memory.
#pragma once

#include <cstdint>

namespace assay::probes::host {

struct SortElement {
  uint64_t key;
  uint64_t payload;
};

// Each puts sort::kElements elements in order. The memory is the state of the chain, aligned to 64 bytes.
void sort_quick(SortElement* elements);
void sort_merging(SortElement* elements);
void sort_radix(SortElement* elements);
void sort_heap(SortElement* elements);
void sort_network(SortElement* elements);

// Gives the sorted elements their new places and values; round points to (m, c, a, b).
void sort_spread(SortElement* elements, const uint64_t* round);

}  // namespace assay::probes::host
