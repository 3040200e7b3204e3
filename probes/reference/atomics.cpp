// SPDX-License-Identifier: Apache-2.0
#include "probes/catalogue/atomics.h"

#include <vector>

#include "probes/reference/families.h"

namespace assay::probes::reference {
namespace {

using namespace atomics;

uint64_t mixed(uint64_t number) {
  const uint64_t spread = number * kTicketFactor;
  return spread ^ spread >> 32;
}

// One operation, on memory that nobody else changes.
void operate(std::vector<uint64_t>& words, uint32_t stream, uint32_t index) {
  uint64_t& s = words[stream];
  s = s * kStreamFactor + kStreamStep;
  const uint64_t bin = s >> 58;
  const uint64_t value = s << 17 | s >> 47;
  words[kAdd + bin] += value;
  words[kFlip + (bin + 1) % kBins] ^= value;
  words[kProduct + (bin + 2) % kBins] *= value | 1;
  const uint64_t number = (s >> 50) % (2 * kBins);
  uint64_t& pair = words[kHalf + number / 2];
  const uint64_t low = pair & 0xFFFFFFFF;
  const uint64_t high = pair >> 32;
  pair = number % 2 == 0 ? (high << 32 | ((low + value) & 0xFFFFFFFF)) : ((high + value) << 32 | low);
  words[kTicketSum] += mixed(words[kTicket]++);
  const uint32_t bit = stream * kOperations + index;
  words[kStateWords + bit / 64] |= uint64_t{1} << bit % 64;
}

}  // namespace

// Stream after stream: the sums do not know the order.
Status cross_atomics(uint32_t operand_set, const StepSink& sink) {
  std::vector<uint64_t> words(kOutputWords, 0);
  operands(operand_set, std::span(words).first(kStateWords));
  for (uint32_t step = 0; step < kSteps; ++step) {
    for (uint32_t i = kStateWords; i < kOutputWords; ++i) words[i] = 0;
    for (uint32_t stream = 0; stream < kStreams; ++stream) {
      for (uint32_t i = 0; i < kOperations; ++i) operate(words, stream, i);
    }
    sink(step, words);
  }
  return {};
}

}  // namespace assay::probes::reference
