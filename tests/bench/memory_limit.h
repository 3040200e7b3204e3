// SPDX-License-Identifier: Apache-2.0
// What a core can do with memory when it does nothing else: sweeps that write, read and compare, or both, in the order of a probe's passes. The
// limit of a memory probe is made of the same passes over as much memory, without patterns and digests.
#pragma once

#include <cstdint>
#include <span>

namespace assay::bench {

struct Sweep {
  bool reads = false;          // every word is compared with `expected`
  bool writes = false;         // every word becomes `word`, after it was read
  bool streamed = false;       // stores go past the caches where there is such a store
  bool down = false;
  uint32_t line_bits = 0;      // above 0: strided, visit n at line rotl(n, turn) within so many bits
  uint32_t turn = 0;
  uint64_t expected = 0;
  uint64_t word = 0;
};

// Gives 0 when all that was read was right. The memory is aligned to 64 bytes and a multiple of 64 bytes; 2^line_bits lines when strided.
uint64_t sweep(std::span<uint64_t> memory, const Sweep& how);

}  // namespace assay::bench
