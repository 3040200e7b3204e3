// SPDX-License-Identifier: Apache-2.0
#include "probes/catalogue/shuffle.h"

#include <array>
#include <vector>

#include "probes/reference/families.h"

namespace assay::probes::reference {
namespace {

using Bytes = std::array<uint8_t, 64>;

Bytes to_bytes(const uint64_t* words) {
  Bytes bytes{};
  for (size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<uint8_t>(words[i / 8] >> (8 * (i % 8)));
  return bytes;
}

uint64_t word_of(const Bytes& bytes, size_t index) {
  uint64_t word = 0;
  for (size_t i = 0; i < 8; ++i) word |= static_cast<uint64_t>(bytes[8 * index + i]) << (8 * i);
  return word;
}

// Where each byte of the vector comes from in one iteration: the three permutations of the definition, one after the
// other.
std::array<size_t, 64> sources(const uint64_t* round) {
  std::array<size_t, 64> from{};
  const Bytes byte_index = to_bytes(round);
  for (size_t j = 0; j < 64; ++j) {
    const size_t word = j / 8;
    const size_t zipped = word % 2 == 0 ? word / 2 : 4 + word / 2;  // step 3: the word this one was
    const size_t lane = 2 * zipped + j % 8 / 4;
    const uint64_t lane_word = round[shuffle::kLaneIndexWord + lane / 2];
    const size_t lane_index = static_cast<uint32_t>(lane_word >> (32 * (lane % 2)));
    const size_t byte = 4 * (lane / 8 * 8 + lane_index) + j % 4;  // step 2: the byte this one was
    from[j] = byte / 16 * 16 + byte_index[byte];                  // step 1
  }
  return from;
}

}  // namespace

Status shuffle_perm(uint32_t operand_set, const StepSink& sink) {
  using namespace shuffle;
  std::vector<uint64_t> state(kStateWords);
  std::vector<uint64_t> params(kParamWords);
  operands(operand_set, state, params);
  for (uint32_t step = 0; step < kSteps; ++step) {
    for (uint32_t i = 0; i < kIterations; ++i) {
      const uint64_t* round = &params[i % kRounds * kRoundWords];
      const std::array<size_t, 64> from = sources(round);
      for (uint32_t vector = 0; vector < kVectors; ++vector) {
        const Bytes before = to_bytes(&state[vector * kWordsPerVector]);
        Bytes after{};
        for (size_t j = 0; j < 64; ++j) after[j] = before[from[j]];
        for (size_t word = 0; word < 8; ++word) {
          state[vector * kWordsPerVector + word] = word_of(after, word) + round[kConstantWord + word];
        }
      }
    }
    sink(step, state);
  }
  return {};
}

}  // namespace assay::probes::reference
