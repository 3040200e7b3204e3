// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/host/chain_kernel.h"

#include <algorithm>

namespace assay::probes::host {

ChainKernel::ChainKernel(const ChainShape& shape, ChainStep advance, uint32_t words_per_vector)
    : shape_(shape),
      advance_(advance),
      words_per_vector_(words_per_vector),
      state_(shape.state_words),
      params_(shape.param_words),
      output_(shape.output_words) {}

std::unique_ptr<Kernel> ChainKernel::make(const ChainShape& shape, ChainStep advance, uint32_t words_per_vector) {
  std::unique_ptr<ChainKernel> kernel(new ChainKernel(shape, advance, words_per_vector));
  if (kernel->state_.empty() || kernel->params_.empty() || kernel->output_.empty()) return nullptr;
  return kernel;
}

void ChainKernel::prepare(uint32_t operand_set) {
  shape_.operands(operand_set, state_.span(), params_.span());
}

void ChainKernel::step(uint32_t index) {
  advance_(state_.data(), params_.data(), index);
  std::copy_n(state_.data(), shape_.output_words, output_.data());
}

}  // namespace assay::probes::host
