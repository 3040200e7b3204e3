// SPDX-License-Identifier: Apache-2.0
// What the result of a slice means: per unit a match, a mismatch, or nothing; and what calls for retests. "Could not measure" is never
// a pass, and a passed retest never takes a mismatch back.
#pragma once

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "agent/core/slice.h"

namespace assay::agent {

enum class FindingKind : uint8_t {
  kMismatch,             // a wrong result: opens an incident
  kHang,                 // the runner hung; opens an incident when `repeated`
  kCrash,
  kIsolate,              // several units were in the slice that died: run them one by one to see which
  kGoldenCorrupt,        // the golden changed in memory: reload, accuse nobody
  kControlSeen,
  kControlMissed,        // the planted fault was reported as a match: the detector is blind
  kControlInconclusive,  // the control did not run: says nothing, and is not counted as missed
};
std::string_view to_string(FindingKind kind);  // "control_missed"

struct Finding {
  FindingKind kind = FindingKind::kMismatch;
  uint32_t unit = 0;
  size_t place = 0;         // index into the observation's units
  bool repeated = false;    // kHang: the unit hung on this probe before, within a day
};

// Counts of what was judged, for metrics: by probe, precision and outcome are taken from the observation by whoever exports them; these
// are the controls.
struct ControlCounts {
  uint64_t seen = 0;
  uint64_t missed = 0;
  uint64_t inconclusive = 0;
};

// Not thread-safe.
class Judge {
 public:
  // Retests (kLadder) are judged by the ladder; of them only a corrupt golden is a finding here.
  std::vector<Finding> judge(const SliceOrder& order, const SliceResult& result, MonoTime now);
  const ControlCounts& controls() const { return controls_; }

 private:
  Finding judge_control(const UnitResult& unit);
  bool hung_before(const ProbeRef& probe, uint32_t unit, MonoTime now);

  ControlCounts controls_;
  std::map<std::pair<ProbeRef, uint32_t>, MonoTime> hangs_;   // last hang of a cell
};

}  // namespace assay::agent
