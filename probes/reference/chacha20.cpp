// SPDX-License-Identifier: Apache-2.0
#include "probes/reference/chacha20.h"

#include <vector>

#include "probes/catalogue/chacha20.h"
#include "probes/reference/families.h"

namespace assay::probes::reference {
namespace {

// x <<<= by, as a multiplication in 64 bits whose halves are put together.
uint32_t rolled(uint32_t x, unsigned by) {
  const uint64_t product = static_cast<uint64_t>(x) * (uint64_t{1} << by);
  return static_cast<uint32_t>(product) + static_cast<uint32_t>(product >> 32);
}

uint32_t half(uint64_t word, uint32_t index) { return static_cast<uint32_t>(index == 0 ? word : word >> 32); }

}  // namespace

void chacha_quarter_round(ChaChaBlock& block, size_t a, size_t b, size_t c, size_t d) {
  const auto line = [&](size_t to, size_t from, size_t rolls, unsigned by) {
    block[to] += block[from];
    block[rolls] = rolled(block[rolls] ^ block[to], by);
  };
  line(a, b, d, 16);
  line(c, d, b, 12);
  line(a, b, d, 8);
  line(c, d, b, 7);
}

ChaChaBlock chacha20_rounds(ChaChaBlock block) {
  for (uint32_t i = 0; i < chacha20::kDoubleRounds; ++i) {
    for (size_t column = 0; column < 4; ++column)
      chacha_quarter_round(block, column, 4 + column, 8 + column, 12 + column);
    for (size_t diagonal = 0; diagonal < 4; ++diagonal)
      chacha_quarter_round(block, diagonal, 4 + (diagonal + 1) % 4, 8 + (diagonal + 2) % 4, 12 + (diagonal + 3) % 4);
  }
  return block;
}

Status chacha20_chain(uint32_t operand_set, const StepSink& sink) {
  using namespace chacha20;
  std::vector<uint64_t> state(kStateWords);
  std::vector<uint64_t> params(kParamWords);
  operands(operand_set, state, params);
  for (uint32_t step = 0; step < kSteps; ++step) {
    std::vector<uint64_t> next(kStateWords);
    for (uint32_t b = 0; b < kBlocks; ++b) {
      ChaChaBlock block{};
      for (uint32_t w = 0; w < kBlockWords; ++w) block[w] = half(state[(w * kBlocks + b) / 2], b % 2);
      for (uint32_t i = 0; i < kIterations; ++i) {
        block = chacha20_rounds(block);
        for (uint32_t w = 0; w < kBlockWords; ++w)
          block[w] += half(params[i % kKeys * kStateWords + (w * kBlocks + b) / 2], b % 2);
      }
      for (uint32_t w = 0; w < kBlockWords; ++w)
        next[(w * kBlocks + b) / 2] |= static_cast<uint64_t>(block[w]) << (32 * (b % 2));
    }
    state = next;
    sink(step, state);
  }
  return {};
}

}  // namespace assay::probes::reference
