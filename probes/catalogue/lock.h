// SPDX-License-Identifier: Apache-2.0
// cross.lock: records that hold together only while locks and the order of stores hold, changed and watched by four streams on several CPUs.
//
// State: s[4] (the streams), then three records of 8 words: p (under a test-and-set lock), q (under a ticket lock), r (under a sequence
// lock). Parameters: k[8], k[0] = 1, the others odd. In a whole record p[i] - k[i] * p[0] is what it was at the start of the step, modulo
// 2^64, for i = 1..7. A change of a record by v is p[i] += k[i] * v for all i; v is rotl(s, 17) after s = s * kStreamFactor + kStreamStep.
// A run has 8 steps. In one, stream t makes 128 changes to p and as many to q in turn, each under its lock, after counting in torn[t] the
// words that do not hold together; then stream (step mod 4) makes 256 changes to r, while each of the others takes 128 whole copies of
// it, counting in torn_reads[t] the words of them that do not hold together and in backward[t] the copies older than the one before.
// Output of a step: the state, then torn[4], torn_reads[4], backward[4], all 0 in every golden, and reads[4], the copies each took.
// Stream t is done by the unit (t = 0) and its partners in turn; a counter that is not 0 names the stream that saw it.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace assay::probes::lock {

inline constexpr std::string_view kId = "cross.lock";
inline constexpr uint32_t kVersion = 1;
inline constexpr uint32_t kStreams = 4;
inline constexpr uint32_t kRecords = 3;
inline constexpr uint32_t kRecordWords = 8;
inline constexpr uint32_t kTurns = 128;    // of a stream with each lock in a step
inline constexpr uint32_t kWrites = 256;   // under the sequence lock in a step
inline constexpr uint32_t kReads = 128;    // whole copies of a reading stream in a step
inline constexpr uint32_t kSteps = 8;
inline constexpr uint64_t kStreamFactor = 6364136223846793005;  // Knuth, MMIX (The Art of Computer Programming 2, 3.3.4)
inline constexpr uint64_t kStreamStep = 1442695040888963407;
// Where things are in the output.
inline constexpr uint32_t kStateWords = kStreams + kRecords * kRecordWords;
inline constexpr uint32_t kTorn = kStateWords;
inline constexpr uint32_t kTornReads = kTorn + kStreams;
inline constexpr uint32_t kBackward = kTornReads + kStreams;
inline constexpr uint32_t kReadsDone = kBackward + kStreams;
inline constexpr uint32_t kOutputWords = kReadsDone + kStreams;

// Random words; factors are made odd. kStateWords and kRecordWords.
void operands(uint32_t operand_set, std::span<uint64_t> state, std::span<uint64_t> factors);

}  // namespace assay::probes::lock
