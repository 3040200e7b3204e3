// SPDX-License-Identifier: Apache-2.0
// cross.atomics: a histogram that four streams of atomic operations on several CPUs fill at once. Every operation commutes with itself, so
// the sums are known whatever the order; one that is lost, doubled or torn changes them.
//
// State: s[4] (the streams), add[64], flip[64], product[64] (odd), half[64], ticket, ticket_sum. A run has 16 steps of 256 operations a
// stream. Operation i of stream t does, modulo 2^64, with s[t] = s[t] * kStreamFactor + kStreamStep, b = s[t] >> 58, v = rotl(s[t], 17):
//   add[b] += v                                       (fetch_add, 64 bits)
//   flip[(b + 1) mod 64] ^= v                         (fetch_xor)
//   product[(b + 2) mod 64] *= v | 1                  (compare and swap until it takes)
//   half, as 128 numbers of 32 bits, [s[t] >> 50 mod 128] += low half of v   (fetch_add, 32 bits; number 2k is the low half of word k)
//   number = ticket, ticket += 1                      (fetch_add)
//   ticket_sum += mixed(number), mixed(n) = n' xor (n' >> 32) with n' = n * kTicketFactor
//   bit t * 256 + i of seen is set                    (fetch_or, 16 words that are 0 at the start of a step)
// Output of a step: the state as above, then seen[16], all ones in every golden. Stream t is worked off by the unit (t = 0) and its
// partners in turn; a bit missing in seen and a wrong s[t] name the stream.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace assay::probes::atomics {

inline constexpr std::string_view kId = "cross.atomics";
inline constexpr uint32_t kVersion = 1;
inline constexpr uint32_t kStreams = 4;
inline constexpr uint32_t kBins = 64;         // of each kind
inline constexpr uint32_t kOperations = 256;  // of a stream in a step
inline constexpr uint32_t kSteps = 16;
inline constexpr uint64_t kStreamFactor = 6364136223846793005;  // Knuth, MMIX (The Art of Computer Programming 2, 3.3.4)
inline constexpr uint64_t kStreamStep = 1442695040888963407;
inline constexpr uint64_t kTicketFactor = 0x9E3779B97F4A7C15;   // odd
// Where things are in the output.
inline constexpr uint32_t kAdd = kStreams;
inline constexpr uint32_t kFlip = kAdd + kBins;
inline constexpr uint32_t kProduct = kFlip + kBins;
inline constexpr uint32_t kHalf = kProduct + kBins;
inline constexpr uint32_t kTicket = kHalf + kBins;
inline constexpr uint32_t kTicketSum = kTicket + 1;
inline constexpr uint32_t kStateWords = kTicketSum + 1;
inline constexpr uint32_t kSeenWords = kStreams * kOperations / 64;
inline constexpr uint32_t kOutputWords = kStateWords + kSeenWords;

// Random words; products are made odd. kStateWords.
void operands(uint32_t operand_set, std::span<uint64_t> state);

}  // namespace assay::probes::atomics
