// SPDX-License-Identifier: Apache-2.0
// What became of a runner in which a bit was flipped from outside: the judgement of one trial, made from what the runner reported and from
// goldens it never touched. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "probes/runner/protocol.h"

namespace assay::injector {

enum class Fate {
  kMismatch,      // the runner reported a wrong result
  kInconclusive,  // it said that it could not measure
  kNonsense,      // its answer was refused by the reader of the protocol
  kCrashed,       // it died
  kHung,          // it had to be killed at its deadline
  kMasked,        // it said match, and everything it reported is right
  kUndetected,    // it said match, and something it reported is wrong: must never be
};
inline constexpr Fate kLastFate = Fate::kUndetected;
std::string_view to_string(Fate fate);

// How a trial ended, seen from outside: an answer, an end without one, or neither in time.
struct Ending {
  std::optional<std::string> frame;
  bool ended = false;
};

struct Judgement {
  Fate fate = Fate::kHung;
  std::string detail;   // what exactly was wrong, or the reason that was given
};

// `request` is what was sent, with the goldens; `operand_sets` of the probe.
Judgement judge(const probes::RunRequest& request, uint32_t operand_sets, const Ending& ending);

// What is wrong with a result that says match: another request, other units or sets, a digest or the fold that is not the golden's, or fewer digests than
// runs. Fewer runs than were asked for are no lie: they are reported as such. "" when all is right.
std::string flaw_of_match(const probes::RunRequest& request, uint32_t operand_sets, const probes::RunResult& result);

}  // namespace assay::injector
