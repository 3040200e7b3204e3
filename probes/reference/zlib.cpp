// SPDX-License-Identifier: Apache-2.0
// The reference of a round trip is the text itself: what comes back has to be what went in.
#include "probes/reference/zlib.h"

#include <vector>

#include "probes/catalogue/zlib.h"
#include "probes/reference/families.h"

namespace assay::probes::reference {

uint32_t crc32_of(std::span<const uint8_t> bytes) {
  constexpr uint32_t kPolynomial = 0xEDB88320;
  uint32_t crc = ~0U;
  for (const uint8_t byte : bytes) {
    for (int bit = 0; bit < 8; ++bit) {
      const bool feedback = ((crc ^ byte >> bit) & 1) != 0;
      crc = crc >> 1 ^ (feedback ? kPolynomial : 0);
    }
  }
  return ~crc;
}

uint32_t adler32_of(std::span<const uint8_t> bytes) {
  constexpr uint32_t kBase = 65521;
  uint32_t sum = 1;
  uint32_t sum_of_sums = 0;
  for (const uint8_t byte : bytes) {
    sum = (sum + byte) % kBase;
    sum_of_sums = (sum_of_sums + sum) % kBase;
  }
  return sum_of_sums << 16 | sum;
}

Status zlib_roundtrip(uint32_t operand_set, const StepSink& sink) {
  using namespace zlib;
  std::vector<uint64_t> output(kOutputWords);
  std::vector<uint64_t> params(kParamWords);
  operands(operand_set, std::span(output).first(kTextWords), params);
  std::vector<uint8_t> text(kTextBytes);
  for (uint32_t i = 0; i < kTextBytes; ++i) text[i] = static_cast<uint8_t>(output[i / 8] >> (8 * (i % 8)));
  for (uint32_t step = 0; step < kSteps; ++step) {
    for (uint64_t& word : output) word = 0;
    for (uint32_t i = 0; i < kTextBytes; ++i) output[i / 8] |= static_cast<uint64_t>(text[i]) << (8 * (i % 8));
    output[kTextWords] = kTextBytes;
    output[kTextWords + 1] = crc32_of(text);
    output[kTextWords + 2] = adler32_of(text);
    sink(step, output);
    const uint64_t* round = &params[2 * (step % kRounds)];
    std::vector<uint8_t> next(kTextBytes);
    for (uint32_t i = 0; i < kTextBytes; ++i) next[i] = static_cast<uint8_t>(text[(i + round[0]) % kTextBytes] + round[1]);
    text = next;
  }
  return {};
}

}  // namespace assay::probes::reference
