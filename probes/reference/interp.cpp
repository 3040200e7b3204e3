// SPDX-License-Identifier: Apache-2.0
#include "probes/catalogue/interp.h"

#include <array>
#include <utility>
#include <vector>

#include "probes/reference/families.h"

namespace assay::probes::reference {
namespace {

struct Instruction {
  uint32_t op = 0;
  uint32_t a = 0;
  uint32_t b = 0;
  uint32_t c = 0;
  uint64_t n = 0;
};

Instruction decode(uint64_t word) {
  Instruction instruction;
  instruction.op = static_cast<uint32_t>(word % 16);
  instruction.a = static_cast<uint32_t>(word / 0x10 % 16);
  instruction.b = static_cast<uint32_t>(word / 0x100 % 16);
  instruction.c = static_cast<uint32_t>(word / 0x1000 % 16);
  instruction.n = word / 0x10000;
  return instruction;
}

// Registers and memory as the program sees them; words are those of the state.
struct Machine {
  std::vector<uint64_t> words = std::vector<uint64_t>(interp::kStateWords);

  uint64_t& r(uint32_t index) { return words[index]; }
  uint64_t& memory(const Instruction& i) { return words[interp::kRegisters + (r(i.b) + i.n) % interp::kMemoryWords]; }
  uint64_t& pc() { return words[interp::kStateWords - 1]; }
};

uint64_t rolled(uint64_t word, uint64_t by) {
  for (uint64_t i = 0; i < by; ++i) word = word << 1 | word >> 63;
  return word;
}

uint64_t bytes_reversed(uint64_t word) {
  uint64_t reversed = 0;
  for (int byte = 0; byte < 8; ++byte) reversed = reversed << 8 | (word >> (8 * byte) & 0xFF);
  return reversed;
}

// From four products of 32-bit halves.
uint64_t high_product(uint64_t x, uint64_t y) {
  constexpr uint64_t kHalf = 0xFFFFFFFF;
  const uint64_t low = (x & kHalf) * (y & kHalf);
  const uint64_t middle = (x >> 32) * (y & kHalf) + (low >> 32);
  const uint64_t other = (x & kHalf) * (y >> 32) + (middle & kHalf);
  return (x >> 32) * (y >> 32) + (middle >> 32) + (other >> 32);
}

using Operation = void (*)(Machine&, const Instruction&);

// In the order of the definition.
constexpr std::array<Operation, 16> kOperations = {{
    [](Machine& m, const Instruction& i) { m.r(i.a) = m.r(i.a) + m.r(i.b) + i.n; },
    [](Machine& m, const Instruction& i) { m.r(i.a) = m.r(i.b) + i.n - m.r(i.a); },
    [](Machine& m, const Instruction& i) { m.r(i.a) = m.r(i.a) ^ m.r(i.b) ^ i.n; },
    [](Machine& m, const Instruction& i) { m.r(i.a) = m.r(i.a) * (i.n | 1) + m.r(i.b); },
    [](Machine& m, const Instruction& i) { m.r(i.a) = rolled(m.r(i.a), i.n % 64) ^ ~m.r(i.b); },
    [](Machine& m, const Instruction& i) { m.r(i.a) = rolled(m.r(i.a), m.r(i.b) % 64) + m.r(i.c); },
    [](Machine& m, const Instruction& i) { m.r(i.a) = bytes_reversed(m.r(i.a)) + i.n; },
    [](Machine& m, const Instruction& i) { m.r(i.a) = (m.r(i.a) ^ m.r(i.a) >> (1 + i.n % 63)) + m.r(i.b); },
    [](Machine& m, const Instruction& i) { m.r(i.a) += m.r(i.b) & m.r(i.c); },
    [](Machine& m, const Instruction& i) { m.r(i.a) += m.r(i.b) < m.r(i.c) ? i.n : m.r(i.b); },
    [](Machine& m, const Instruction& i) { std::swap(m.r(i.a), m.memory(i)); },
    [](Machine& m, const Instruction& i) { m.r(i.a) += m.memory(i); },
    [](Machine& m, const Instruction& i) { m.memory(i) += m.r(i.a); },
    [](Machine& m, const Instruction& i) { m.r(i.a) += high_product(m.r(i.b), m.r(i.c)); },
    [](Machine& m, const Instruction& i) {
      m.r(i.a) = rolled(m.r(i.a), 1) + i.n;
      m.pc() += m.r(i.a) >> i.n % 64 & 1;
    },
    [](Machine& m, const Instruction& i) {
      m.r(i.a) = rolled(m.r(i.a), 19) + i.n;
      m.pc() += m.r(i.a);
    },
}};

}  // namespace

Status interp_mix(uint32_t operand_set, const StepSink& sink) {
  using namespace interp;
  Machine machine;
  std::vector<uint64_t> words(kParamWords);
  operands(operand_set, machine.words, words);
  std::vector<Instruction> program;
  for (const uint64_t word : words) program.push_back(decode(word));
  for (const Instruction& i : program) {
    if (i.a == i.b || i.a == i.c) return make_error(ErrorCode::kInvalid, "an instruction that is no bijection");
  }
  for (uint32_t step = 0; step < kSteps; ++step) {
    for (uint32_t count = 0; count < kInstructions; ++count) {
      const Instruction& instruction = program[machine.pc() % kProgramWords];
      kOperations[instruction.op](machine, instruction);
      machine.pc() += 1;
    }
    sink(step, machine.words);
  }
  return {};
}

}  // namespace assay::probes::reference
