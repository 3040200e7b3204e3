// SPDX-License-Identifier: Apache-2.0
// One device under suspicion: the first mismatch, what the retests of the ladder gave, and the verdict.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/model/observation.h"

namespace assay {

// What the ladder concluded. kOpen: still climbing.
enum class Verdict : uint8_t {
  kOpen,
  kConfirmedUnit,     // reproduced on the unit, other units pass
  kConfirmedDevice,   // reproduced on several units of the device
  kMemory,            // the value was right when read again past the caches: a store or load path, not the arithmetic
  kUnreproduced,      // no retest failed: stays suspect, is not acquitted
  kProbeSuspect,      // healthy peers fail as well: the probe or its golden is wrong
  kHang,              // the unit hung on the operands again
  kControlMissed,     // the detector did not see an injected fault
};
inline constexpr Verdict kLastVerdict = Verdict::kControlMissed;
std::string_view to_string(Verdict verdict);  // "confirmed_unit"
// Whether the verdict proposes to take the device out of service.
bool condemns(Verdict verdict);
// One sentence for an operator: what the verdict means and what to do.
std::string_view recommendation(Verdict verdict);

// The rungs, in order (ARCHITECTURE.md, "The ladder").
enum class Rung : uint8_t { kFirstSight, kRehashGolden, kReread, kSameUnit, kOtherUnits, kPeerDevice, kOtherOperands };
inline constexpr Rung kLastRung = Rung::kOtherOperands;
std::string_view to_string(Rung rung);  // "same_unit"

// One retest and what it gave.
struct EvidenceStep {
  Rung rung = Rung::kFirstSight;
  WallTime at;
  std::string detail;                  // "unit 3 (cpu 5), operand set 17"
  uint32_t unit = 0;
  uint32_t runs = 0;
  uint32_t mismatches = 0;
  Inconclusive reason = Inconclusive::kNone;   // why it told nothing, when it did not
  Conditions conditions;
  friend bool operator==(const EvidenceStep&, const EvidenceStep&) = default;
};

struct Incident {
  std::string id;                      // "inc-<16 hex digits>", made by the agent (or the collector for its own findings)
  std::string node;
  std::string device_id;
  uint32_t unit = 0;
  ProbeRef probe;
  GoldenTier tier = GoldenTier::kT0Analytic;
  uint32_t operand_set = 0;
  std::string variant;
  Synthetic synthetic = Synthetic::kNone;
  Verdict verdict = Verdict::kOpen;
  WallTime opened;
  WallTime updated;
  std::optional<Digest> expected;      // golden of the operand set
  std::optional<Digest> actual;        // what the unit gave first; absent for a hang or a missed control
  std::vector<EvidenceStep> steps;
  std::vector<MismatchRecord> records; // the first ones, bounded
  bool ran_on_silicon = false;         // whether the variant was measured on hardware of the device's architecture before
  friend bool operator==(const Incident&, const Incident&) = default;
};

}  // namespace assay
