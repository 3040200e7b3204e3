// SPDX-License-Identifier: Apache-2.0
#include "probes/catalogue/lock.h"

#include <vector>

#include "probes/reference/families.h"

namespace assay::probes::reference {
namespace {

using namespace lock;

// The sum of the next `count` values of a stream: changes add up, so their order does not matter.
uint64_t sum_of_next(uint64_t& s, uint32_t count) {
  uint64_t sum = 0;
  for (uint32_t i = 0; i < count; ++i) {
    s = s * kStreamFactor + kStreamStep;
    sum += s << 17 | s >> 47;
  }
  return sum;
}

}  // namespace

// One stream after the other. A stream changes p and q in turn: p by its values of even number, q by the others.
Status cross_lock(uint32_t operand_set, const StepSink& sink) {
  std::vector<uint64_t> state(kStateWords);
  std::vector<uint64_t> factors(kRecordWords);
  operands(operand_set, state, factors);
  for (uint32_t step = 0; step < kSteps; ++step) {
    uint64_t changes[kRecords] = {0, 0, 0};
    for (uint32_t stream = 0; stream < kStreams; ++stream) {
      for (uint32_t turn = 0; turn < 2 * kTurns; ++turn) changes[turn % 2] += sum_of_next(state[stream], 1);
    }
    changes[2] = sum_of_next(state[step % kStreams], kWrites);
    for (uint32_t i = 0; i < kRecords * kRecordWords; ++i) state[kStreams + i] += factors[i % kRecordWords] * changes[i / kRecordWords];
    std::vector<uint64_t> output(kOutputWords, 0);
    for (uint32_t i = 0; i < kStateWords; ++i) output[i] = state[i];
    for (uint32_t stream = 0; stream < kStreams; ++stream) output[kReadsDone + stream] = stream == step % kStreams ? 0 : kReads;
    sink(step, output);
  }
  return {};
}

}  // namespace assay::probes::reference
