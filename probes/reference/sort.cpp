// SPDX-License-Identifier: Apache-2.0
#include "probes/catalogue/sort.h"

#include <utility>
#include <vector>

#include "probes/reference/families.h"

namespace assay::probes::reference {
namespace {

using Element = std::pair<uint64_t, uint64_t>;  // key, payload; compared in that order

// By definition: each element goes behind all that are not greater.
std::vector<Element> in_order(const std::vector<Element>& elements) {
  std::vector<Element> sorted;
  for (const Element& element : elements) {
    size_t place = sorted.size();
    while (place > 0 && element < sorted[place - 1]) --place;
    sorted.insert(sorted.begin() + static_cast<std::ptrdiff_t>(place), element);
  }
  return sorted;
}

uint64_t rotate_left(uint64_t word, unsigned by) { return word << by | word >> (64 - by); }

}  // namespace

Status sort_merge(uint32_t operand_set, const StepSink& sink) {
  using namespace sort;
  std::vector<uint64_t> state(kStateWords);
  std::vector<uint64_t> params(kParamWords);
  operands(operand_set, state, params);
  for (uint32_t step = 0; step < kSteps; ++step) {
    std::vector<Element> elements;
    for (uint32_t i = 0; i < kElements; ++i) elements.emplace_back(state[2 * i], state[2 * i + 1]);
    const std::vector<Element> sorted = in_order(elements);
    const uint64_t* round = &params[step % kRounds * kRoundWords];
    for (uint32_t i = 0; i < kElements; ++i) {
      const auto& [key, payload] = sorted[(i * round[2] + round[3]) % kElements];
      state[2 * i] = rotate_left(key, 17) * round[0];
      state[2 * i + 1] = rotate_left(payload + key, 29) + round[1];
    }
    sink(step, state);
  }
  return {};
}

}  // namespace assay::probes::reference
