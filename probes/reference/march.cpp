// SPDX-License-Identifier: Apache-2.0
#include "probes/catalogue/march.h"

#include <vector>

#include "probes/reference/families.h"

namespace assay::probes::reference {
namespace {

using march::kLineWords;

uint64_t pattern(const march::Background& background, uint64_t index) {
  const uint64_t v = background.seed + index * background.stride;
  return v ^ v >> 32;
}

// One element over one line; out is that block's 16 words.
void visit(std::vector<uint64_t>& memory, size_t line, const march::Background& background,
           const march::Element& element, uint64_t* out) {
  for (size_t j = 0; j < kLineWords; ++j) {
    const size_t index = line * kLineWords + j;
    const uint64_t p = pattern(background, index);
    const uint64_t to_write = element.write_inverse ? ~p : p;
    const uint64_t expected = element.reads ? (element.read_inverse ? ~p : p) : to_write;
    const uint64_t seen = element.reads ? memory[index] : to_write;
    if (element.writes) memory[index] = to_write;
    const uint64_t sum = out[j] + seen;
    out[j] = sum << 24 | sum >> 40;
    out[kLineWords + j] |= seen ^ expected;
  }
}

}  // namespace

Status mem_march(uint32_t operand_set, const StepSink& sink) {
  const auto backgrounds = march::operands(operand_set);
  std::vector<uint64_t> memory(march::kWords);
  constexpr size_t kLines = march::kWords / kLineWords;
  for (uint32_t step = 0; step < march::kSteps; ++step) {
    const march::Element& element = march::kMarch[step % march::kElements];
    std::vector<uint64_t> output(size_t{march::kBlocks} * march::kOutputWordsPerBlock);
    for (size_t i = 0; i < kLines; ++i) {
      const size_t line = element.down ? kLines - 1 - i : i;
      const size_t block = line * kLineWords / march::kBlockWords;
      visit(memory, line, backgrounds[step / march::kElements], element, &output[block * march::kOutputWordsPerBlock]);
    }
    sink(step, output);
  }
  return {};
}

}  // namespace assay::probes::reference
