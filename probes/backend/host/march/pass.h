// SPDX-License-Identifier: Apache-2.0
// One element of mem.march as the variants take it: plain data, so that no library code is needed where they are
// compiled.
#pragma once

#include <cstdint>

namespace assay::probes::host {

struct MarchPass {
  uint64_t seed;
  uint64_t stride;
  uint64_t read_flip;   // all ones when ~p is expected
  uint64_t write_flip;  // all ones when ~p is written
  bool down;
  bool reads;
  bool writes;
};

// memory: march::kWords words; output: march::kOutputWordsPerBlock a block. Both aligned to 64 bytes.
using MarchFunction = void (*)(uint64_t* memory, uint64_t* output, const MarchPass& pass);

}  // namespace assay::probes::host
