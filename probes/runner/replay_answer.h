// SPDX-License-Identifier: Apache-2.0
// What a user's replay is asked and what it may answer: one line of JSON each way (docs/probes/user-replays.md).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/digest.h"
#include "common/base/result.h"
#include "common/model/probe_spec.h"

namespace assay::probes {

inline constexpr size_t kReplayDigests = 64;           // of one answer
inline constexpr size_t kReplayAnswerBytes = 16 * 1024;

// What is asked of one run.
struct ReplayQuestion {
  ProbeRef replay;
  uint32_t operand_set = 0;
  uint32_t unit = 0;        // of the device; for the program's own records, its results must not depend on it
  uint32_t cpu = 0;         // that it is pinned to
  uint64_t budget_ms = 0;   // then it is killed
};
// One line with its newline. The seed in it depends on replay, version and operand set alone.
std::string question_line(const ReplayQuestion& question);

struct ReplayAnswer {
  std::vector<Digest> digests;                // one or more, or
  std::optional<std::string> inconclusive;    // why the program itself could not tell
};
// {"digests":["<32 lower-case hexadecimal digits>", ...]} or {"inconclusive":"why"}, and white space; anything else is kInvalid, naming what is wrong.
Result<ReplayAnswer> parse_answer(std::string_view text);

// What the run counts as: every digest of the answer, in its place.
Digest digest_of(const ReplayAnswer& answer);

}  // namespace assay::probes
