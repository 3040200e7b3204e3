// SPDX-License-Identifier: Apache-2.0
#include "probes/catalogue/zlib.h"

#include <algorithm>
#include <array>
#include <string>

#include "common/base/check.h"
#include "probes/catalogue/operand_seed.h"

namespace assay::probes::zlib {
namespace {

constexpr size_t kDictionary = 256;

// Below bound, small numbers far more often than great ones.
uint64_t skewed(Random& random, uint64_t bound) {
  return std::min({random.below(bound), random.below(bound), random.below(bound)});
}

std::array<std::string, kDictionary> dictionary(Random& random) {
  constexpr std::string_view kLetters = "etaoinshrdlucmfwypvbgkjqxz";
  std::array<std::string, kDictionary> words;
  for (std::string& word : words) {
    const uint64_t length = 2 + random.below(8);
    for (uint64_t i = 0; i < length; ++i) word += kLetters[skewed(random, kLetters.size())];
  }
  return words;
}

// What comes next in the text.
void append(std::string& text, Random& random, const std::array<std::string, kDictionary>& words) {
  constexpr std::array<std::string_view, 8> kMarks = {" ", " ", " ", " ", ", ", "; ", ".\n", " = "};
  switch (random.below(64)) {
    case 0: {
      // Drawn one after the other: compilers differ in which argument of a call they evaluate first.
      const auto letter = static_cast<char>(' ' + random.below(64));
      text.append(16 + random.below(300), letter);
      break;
    }
    case 1:
      for (uint64_t left = 8 + random.below(40); left > 0; --left) text += static_cast<char>(random.below(256));
      break;
    case 2:
    case 3:
      text += std::to_string(random.next() >> random.below(64));
      break;
    default:
      text += words[skewed(random, kDictionary)];
  }
  text += kMarks[random.below(kMarks.size())];
}

}  // namespace

void operands(uint32_t operand_set, std::span<uint64_t> text, std::span<uint64_t> params) {
  ASSAY_CHECK(text.size() == kTextWords && params.size() == kParamWords);
  Random random = operand_random(kId, kVersion, operand_set);
  for (uint32_t round = 0; round < kRounds; ++round) {
    params[2 * round] = 1 + random.below(kTextBytes - 1);
    params[2 * round + 1] = random.below(256);
  }
  const auto words = dictionary(random);
  std::string bytes;
  while (bytes.size() < kTextBytes) append(bytes, random, words);
  std::ranges::fill(text, 0);
  for (uint32_t i = 0; i < kTextBytes; ++i) text[i / 8] |= static_cast<uint64_t>(static_cast<uint8_t>(bytes[i])) << (8 * (i % 8));
}

}  // namespace assay::probes::zlib
