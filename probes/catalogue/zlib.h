// SPDX-License-Identifier: Apache-2.0
// zlib.roundtrip: text compressed and decompressed by a library, again and again.
//
// State: a text of 16,384 bytes, byte 0 the low byte of word 0. Parameters: 4 rounds of (shift, plus), shift in
// 1..16383. Step s compresses the text by DEFLATE (RFC 1951) and decompresses what came out. Output of a step: the 2,048
// words of the decompressed text, then their number of bytes, their CRC-32 (RFC 1952), their Adler-32 (RFC 1950), and 0 (not
// 0: a bit for every part of the library that complained). Then, with (shift, plus) of round s mod 4,
//   text[i] = decompressed[(i + shift) mod 16384] + plus   modulo 256, for all bytes i
// so that a wrong byte stays wrong. A run has 8 steps, in turn with fast compression and a zlib wrapper (RFC 1950), with
// the usual one and a gzip wrapper (RFC 1952), with the most thorough one and a zlib wrapper, and with fixed codes and a gzip
// wrapper.
// What the compressed bytes are is no part of the definition: that differs from one version of a library to the next.
// They must lead back to the very text, past the checksum of the wrapper; so a wrong one is seen, but a worse choice of
// matches that is still a right encoding is not.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace assay::probes::zlib {

inline constexpr std::string_view kId = "zlib.roundtrip";
inline constexpr uint32_t kVersion = 1;
inline constexpr uint32_t kTextBytes = 16384;
inline constexpr uint32_t kTextWords = kTextBytes / 8;
inline constexpr uint32_t kRounds = 4;
inline constexpr uint32_t kSteps = 8;
inline constexpr uint32_t kParamWords = 2 * kRounds;
inline constexpr uint32_t kOutputWords = kTextWords + 4;

// Operands of a set. The text is made of 256 words of skewed letters, the first ones the most frequent, of marks, numbers,
// runs of one character and short stretches of noise: matches near and far, long and short, and literals. The spans have
// kTextWords and kParamWords.
void operands(uint32_t operand_set, std::span<uint64_t> text, std::span<uint64_t> params);

}  // namespace assay::probes::zlib
