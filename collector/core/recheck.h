// SPDX-License-Identifier: Apache-2.0
// The second verdict on every slice: the collector folds the goldens itself and compares, so that a node whose comparator is
// broken cannot vouch for itself.
#pragma once

#include <cstdint>
#include <map>
#include <tuple>

#include "collector/core/probe_book.h"
#include "common/model/limits.h"
#include "common/model/observation.h"

namespace assay::collector {

enum class Check : uint8_t {
  kNothing,        // no complete run: nothing to check
  kAgreed,         // the claim (match or mismatch) and the digest tell the same
  kBlind,          // "match", but the digest is not the golden's: the node's comparator is broken
  kContradiction,  // "mismatch", but the digest is the golden's: not believed
  kNoGolden,       // none here for that probe version: compare among peers
  kUnchecked,      // over limits::kRecheckRunsPerReport, out of range, or the table here is damaged: never counted as a pass
};

struct CheckedUnit {
  Check check = Check::kNothing;
  Digest expected;                    // the fold of the goldens; set with kAgreed, kBlind and kContradiction
};

// One per report: the bound on work is per report, and equal work is folded once. Single-threaded.
class Recheck {
 public:
  explicit Recheck(const ProbeBook& book) : book_(book) {}
  // Results without a complete run, and those that claim to be inconclusive, are kNothing where there is a golden.
  CheckedUnit check(const ProbeRef& probe, const UnitResult& result);

 private:
  using Work = std::tuple<ProbeRef, uint32_t, uint32_t, uint32_t>;  // probe, first_set, set_count, runs
  const ProbeBook& book_;
  uint64_t runs_left_ = limits::kRecheckRunsPerReport;
  std::map<Work, Digest> folds_;
};

}  // namespace assay::collector
