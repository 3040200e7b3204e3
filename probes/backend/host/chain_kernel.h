// SPDX-License-Identifier: Apache-2.0
// The kernel of every chain probe: a state that each step carries on from, parameters that stay, and an instruction-set
// variant that is one plain function. Only that function is compiled for the instruction set, so no such code leaks
// into the rest.
#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "probes/backend/host/aligned_buffer.h"
#include "probes/backend/host/kernel.h"

namespace assay::probes::host {

// Carries `state` on by one step. All pointers are aligned to 64 bytes; sizes as in ChainShape.
using ChainStep = void (*)(uint64_t* state, const uint64_t* params, uint32_t step);
// Fills state and params for an operand set (the catalogue's operands()).
using ChainOperands = void (*)(uint32_t operand_set, std::span<uint64_t> state, std::span<uint64_t> params);

struct ChainShape {
  uint32_t state_words = 0;
  uint32_t param_words = 0;
  uint32_t output_words = 0;  // the first words of the state
  uint32_t steps = 0;
  double work_per_run = 0;  // operations, or bytes for hashes and permutations
  ChainOperands operands = nullptr;
};

class ChainKernel final : public Kernel {
 public:
  // nullptr when the memory cannot be had.
  static std::unique_ptr<Kernel> make(const ChainShape& shape, ChainStep advance, uint32_t words_per_vector);

  void prepare(uint32_t operand_set) override;
  uint32_t steps() const override { return shape_.steps; }
  void step(uint32_t index) override;
  std::span<uint64_t> output() override { return output_.span(); }
  std::span<uint64_t> state() override { return state_.span(); }
  uint32_t words_per_vector() const override { return words_per_vector_; }
  double work_per_run() const override { return shape_.work_per_run; }

 private:
  ChainKernel(const ChainShape& shape, ChainStep advance, uint32_t words_per_vector);

  ChainShape shape_;
  ChainStep advance_;
  uint32_t words_per_vector_;
  AlignedBuffer state_;
  AlignedBuffer params_;
  AlignedBuffer output_;
};

// KernelEntry::make of one variant of a chain.
template <const ChainShape& kShape, ChainStep kAdvance, uint32_t kWordsPerVector>
std::unique_ptr<Kernel> make_chain(const KernelSite&) {
  return ChainKernel::make(kShape, kAdvance, kWordsPerVector);
}

constexpr double per_run(uint32_t steps, double work_per_step) { return steps * work_per_step; }

}  // namespace assay::probes::host
