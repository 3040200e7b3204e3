// SPDX-License-Identifier: Apache-2.0
// The probes that every accelerator can compute, by the portable programs of programs/: which program computes a probe, its shape, and how its operands
// are made on the host. Probes of the host that no accelerator gets, and why: programs/README.md.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace assay::probes::device {

// What a program's file defines (programs/dialect.h); words are of 64 bits.
struct ProgramShape {
  std::string_view name;       // "fma_fp64": its kernel is named after it
  uint32_t lanes = 0;          // of a team
  uint32_t state_words = 0;
  uint32_t share_words = 0;
  uint32_t param_words = 0;
  uint32_t arena_words = 0;
  uint32_t out_words = 0;      // of one step
  uint32_t steps = 0;
  uint32_t memory_words = 0;   // of team memory, all in all
  uint32_t scratch_words = 0;  // of device memory for each team
  uint32_t tiles = 2;          // of outputs in it; the outputs of step s of a team's first run are tile s mod tiles

  uint32_t operand_words() const { return state_words + param_words; }
  uint64_t run_words() const { return uint64_t{out_words} * steps; }
  // Whether the outputs of a run are the result, as they arrive where they are fetched to (arrival.h): a team then does one run a launch.
  bool keeps_outputs() const { return steps > 0 && tiles == steps; }
};

// Fills state and parameters of an operand set as the program wants them; the spans have the words of its shape.
using ProgramOperands = void (*)(uint32_t operand_set, std::span<uint64_t> state, std::span<uint64_t> params);

struct Program {
  std::string_view probe_id;   // of the catalogue
  uint32_t version = 0;
  ProgramShape shape;          // several probes may share one program
  ProgramOperands operands = nullptr;
  double work_per_run = 0;     // operations, or bytes for memory, hashes and permutations
  std::string_view silicon;    // the part of an accelerator that it works on
};

std::span<const Program> programs();
// nullptr when no portable program computes that probe.
const Program* find_program(std::string_view probe_id);
// The operands of one set as Job wants them: state, then parameters.
std::vector<uint64_t> operands_of(const Program& program, uint32_t operand_set);

}  // namespace assay::probes::device
