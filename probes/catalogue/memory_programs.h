// SPDX-License-Identifier: Apache-2.0
// The memory probes, each a line of the table: how much memory, which stores, which algorithm. memory.h defines the words.
#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "probes/catalogue/memory.h"

namespace assay::probes::memory {

// Which passes a program makes over its backgrounds b = 0, 1, ... "r p w ~p" reads the pattern and writes its complement.
enum class Algorithm : uint8_t {
  // March C- (van de Goor, "Using March Tests to Test SRAMs", 1993) for one background after the other. Up: w p; up: r p w ~p; up: r ~p w
  // p; down: r p w ~p; down: r ~p w p (these four `rounds` times); up: r p.
  kMarch,
  // The same with the last element of a background and the first of the next in one: up: r p, w p of the next.
  kMarchJoined,
  // Moving inversions. Up: w p; then for each background up: r p w ~p; down: r ~p, w p of the next (the last only reads).
  kInversions,
  // Up: w p; then for each background up: r p, w p of the next (the last only reads).
  kReplace,
  // Strided by turn 0: w p; then turns 1, 2, ..., m - 1, 0, one background each, every other one complemented: reads the content of
  // the one before, writes its own; last, by turn 0, reads.
  kStrides,
  // Up: w p; rest; up: r p w ~p; rest; up: r ~p. One background.
  kFade,
};

// How words are written where the instruction set has a choice.
enum class Stores : uint8_t {
  kPlain,     // into the caches
  kStreamed,  // past them (non-temporal), to memory
};

// Where patterns come from, in the order of the draws from operand_random (operand_seed.h).
enum class Recipe : uint8_t {
  // b = 0: fold of two draws: seed, then stride | 1. b = 1: fold with stride 0 and, by set mod 8, the pattern 0, 5555.., 3333..,
  // 0F0F.., 00FF.., 0000FFFF.. or, for 6 and 7, the next draw.
  kClassic,
  // By b mod 4: as kClassic b = 0; as kClassic b = 1 with (set + b div 4) mod 8; rotate of a draw; address with a = draw >> 33.
  kMixed,
  // By b: rotate of 0, 5555.., 0101.. rotated by the draw mod 8, 1, and draws for all others. Each b draws once.
  kInversion,
  kAddress,  // address with a = draw >> 33
  kRandom,   // random of two draws: seed, then stride | 1
  kWalking,  // rotate of rotl(1, draw mod 64)
  kRotating, // rotate of a draw
};

struct Program {
  std::string_view id;
  uint32_t version;
  std::string_view exercises;  // which part of the silicon
  uint32_t weight;             // in the rotation
  uint32_t words;              // of memory
  uint32_t block_words;
  uint32_t chunk_words;
  Stores stores;
  Algorithm algorithm;
  Recipe recipe;
  uint32_t backgrounds;
  uint32_t rounds = 1;                  // of kMarch
  uint32_t passes_per_step = 1;         // more than one only where the chunk is all of memory
  std::chrono::milliseconds rest{0};    // of kFade

  uint64_t bytes() const { return uint64_t{words} * sizeof(uint64_t); }
  uint32_t lines() const { return words / kLineWords; }
  uint32_t chunks() const { return words / chunk_words; }
  uint32_t blocks_per_chunk() const { return chunk_words / block_words; }
  uint32_t output_words() const { return blocks_per_chunk() * kOutputWordsPerBlock; }
};

inline constexpr size_t kPrograms = 10;
// kPrograms of them, in the order of the catalogue. Each step is `passes_per_step` passes over one chunk: steps go through the passes in order and, within
// a pass, through the chunks in the order of the pass.
std::span<const Program> programs();
// Those that only accelerators perform: smem.march on the memory that a team of lanes has to itself, device.march on a part of the device's for each team.
// Contents of device.march that tell the place of a word within the part (stride other than 0) also tell the part: each word is mixed with one of the
// part's own, and what is read with that word again before it is compared and summed.
std::span<const Program> device_programs();
// nullptr when no memory probe, of either table, has that id.
const Program* find_program(std::string_view id);

std::vector<Pass> passes_of(const Program& program);
// One a background.
std::vector<Pattern> operands(const Program& program, uint32_t operand_set);

}  // namespace assay::probes::memory
