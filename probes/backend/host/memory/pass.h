// SPDX-License-Identifier: Apache-2.0
// A piece of a pass of memory.h as the variants take it: plain data, so that no library code is needed where they are
// compiled.
#pragma once

#include <cstdint>

namespace assay::probes::host {

enum class MemoryKind : uint8_t { kFold, kAddress, kRotate, kRandom };
// kPaired: reads a pattern and writes its complement; kChange: reads one and writes another of the same kind.
enum class MemoryAccess : uint8_t { kWrite, kRead, kPaired, kChange };

// Which loop is wanted.
struct MemoryLoop {
  MemoryKind kind;
  MemoryAccess access;
  bool streamed;  // past the caches, where there is such a store
};

// One content as it is made line by line.
struct MemoryPattern {
  alignas(64) uint64_t words[8];  // the generator at the first line visited
  uint64_t advance;               // added with each line; rotate: rotated left by with each line
  uint64_t flip;                  // all ones for the complement; rotate has it in its words
};

// `lines` lines one after the other, upwards or downwards.
struct MemoryRun {
  MemoryPattern read;
  MemoryPattern write;
  uint32_t lines;
  bool down;
};
// first_line: of memory, aligned to 64 bytes, the first one visited; output: 16 words, d and o so far.
using MemoryFunction = void (*)(uint64_t* first_line, uint64_t* output, const MemoryRun& run);

// The visits first_visit ... of a strided pass over rotate patterns; both patterns are those of line 0.
struct MemoryStrides {
  MemoryPattern read;
  MemoryPattern write;
  uint32_t first_visit;
  uint32_t visits;
  uint32_t line_bits;
  uint32_t turn;
  bool reads;
  bool writes;
};
using MemoryStridesFunction = void (*)(uint64_t* memory, uint64_t* output, const MemoryStrides& strides);

}  // namespace assay::probes::host
