// SPDX-License-Identifier: Apache-2.0
#include "probes/catalogue/paths.h"

#include <array>
#include <vector>

#include "probes/reference/families.h"

namespace assay::probes::reference {
namespace {

// a * b modulo 2^64, digit by digit in base 2^16: no multiplier of 64 bits is trusted.
uint64_t product(uint64_t a, uint64_t b) {
  uint64_t sum = 0;
  for (int i = 0; i < 4; ++i) {
    for (int j = 0; i + j < 4; ++j) sum += ((a >> (16 * i)) & 0xFFFF) * ((b >> (16 * j)) & 0xFFFF) << (16 * (i + j));
  }
  return sum;
}

uint64_t turned_left(uint64_t word, unsigned places) { return places == 0 ? word : word << places | word >> (64 - places); }

// One column of the block after the other.
void take_in(std::vector<uint64_t>& state, const uint64_t* block) {
  for (size_t column = 0; column < state.size(); ++column) {
    uint64_t h = state[column];
    for (size_t at = column; at < paths::kBlockWords; at += paths::kStateWords) h = turned_left(product(h ^ block[at], paths::kMultiplier) + paths::kAdded, 29);
    state[column] = h;
  }
}

// One cell after the other: which words belong to it, and what they make of it.
void mix(std::vector<uint64_t>& state, const uint64_t* block) {
  for (unsigned cell = 0; cell < paths::kCells; ++cell) {
    for (unsigned i = 0; i < paths::kBlockWords; ++i) {
      const uint64_t word = block[i];
      if ((i + (word >> 60)) % paths::kCells != cell) continue;
      state[cell] += word;
      state[paths::kCells + cell] ^= turned_left(word, i % 64);
      if (word < state[2 * paths::kCells + cell]) state[2 * paths::kCells + cell] = word;
      if (word > state[3 * paths::kCells + cell]) state[3 * paths::kCells + cell] = word;
    }
  }
}

using Operands = void (*)(uint32_t, std::span<uint64_t>, std::span<uint64_t>);
using Step = void (*)(std::vector<uint64_t>&, const uint64_t*);

Status run_path(Operands operands, Step step, uint32_t operand_set, const StepSink& sink) {
  std::vector<uint64_t> state(paths::kStateWords);
  std::vector<uint64_t> params(paths::kParamWords);
  operands(operand_set, state, params);
  for (uint32_t number = 0; number < paths::kSteps; ++number) {
    step(state, params.data() + size_t{number} * paths::kBlockWords);
    sink(number, state);
  }
  return {};
}

// Column j of a step's output is one chain, row after row.
void send(std::vector<uint64_t>& state, uint32_t step, std::vector<uint64_t>& output) {
  for (size_t column = 0; column < state.size(); ++column) {
    for (size_t at = column; at < paths::kSentWords; at += paths::kStateWords) {
      const uint64_t number = uint64_t{step} * paths::kSentWords + at;
      state[column] = turned_left(product(state[column] ^ number, paths::kMultiplier) + paths::kAdded, 29);
      output[at] = state[column];
    }
  }
}

}  // namespace

Status l2_read(uint32_t operand_set, const StepSink& sink) { return run_path(paths::operands_l2_read, take_in, operand_set, sink); }
Status copy_to_device(uint32_t operand_set, const StepSink& sink) { return run_path(paths::operands_copy_to_device, take_in, operand_set, sink); }
Status copy_from_device(uint32_t operand_set, const StepSink& sink) {
  std::vector<uint64_t> state(paths::kStateWords);
  paths::operands_copy_to_host(operand_set, state, {});
  std::vector<uint64_t> output(paths::kSentWords);
  for (uint32_t step = 0; step < paths::kSteps; ++step) {
    send(state, step, output);
    sink(step, output);
  }
  return {};
}
Status dsmem_exchange(uint32_t operand_set, const StepSink& sink) { return run_path(paths::operands_exchange, take_in, operand_set, sink); }
Status atomic_mix(uint32_t operand_set, const StepSink& sink) { return run_path(paths::operands_atomic_mix, mix, operand_set, sink); }

}  // namespace assay::probes::reference
