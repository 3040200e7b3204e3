// SPDX-License-Identifier: Apache-2.0
// The ladder of retests from a first mismatch to a verdict, its node-local rungs (ARCHITECTURE.md, "The ladder"): golden re-hashed, result re-read, same
// operands on the same unit, same operands on other units, other operands on the unit.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "agent/core/slice.h"
#include "common/model/incident.h"

namespace assay::agent {

// The retest a ladder wants next.
struct Retest {
  Rung rung = Rung::kSameUnit;
  std::vector<probes::UnitWork> work;
  uint32_t set_count = 1;
  uint32_t max_runs = 1;
};

// What opens a ladder. `units` are those of the device that can be asked for their opinion (supported ones).
struct LadderStart {
  std::string incident_id;
  std::string node;
  std::string device_id;
  const ProbeSpec* probe = nullptr;
  std::vector<uint32_t> units;
  std::optional<Digest> expected;    // golden of the operand set
  bool ran_on_silicon = false;       // Incident::ran_on_silicon
};

// One incident on its way to a verdict. Pure: next() says what to run, step() takes what it gave; when next() has nothing left the
// verdict stands. One reproduction condemns (T0 and T1); passes never acquit. Not thread-safe.
class Ladder {
 public:
  static constexpr std::chrono::seconds kDeadline{60};  // from the opening: then the verdict is drawn from what there is
  static constexpr uint32_t kSameUnitRuns = 10;
  static constexpr uint32_t kOtherUnits = 8;
  static constexpr uint32_t kOtherUnitRuns = 2;
  static constexpr uint32_t kOtherSets = 16;
  static constexpr uint32_t kTriesPerRung = 3;          // of a retest that gave nothing

  // From a first mismatch: `unit` is the unit's result in `observation`.
  static Ladder from_mismatch(const LadderStart& start, const Observation& observation, const UnitResult& unit, Instant now);
  // From a hang that repeated.
  static Ladder from_hang(const LadderStart& start, const Observation& observation, const UnitResult& unit, Instant now);
  // From an incident that was open when the agent stopped: climbs again from the same-unit rung.
  static Ladder resume(const LadderStart& start, const Incident& open, Instant now);

  // The next retest; absent when the verdict stands (which it also does once the deadline has passed).
  std::optional<Retest> next(Instant now);
  // What the retest of the last next() gave. A retest that gave nothing (stopped, crashed, corrupt golden) is tried again, three times.
  void step(const SliceResult& result, Instant now);

  bool finished() const { return incident_.verdict != Verdict::kOpen; }
  const Incident& incident() const { return incident_; }

 private:
  // What one kind of retest has shown so far.
  struct Tally {
    uint32_t runs = 0;
    uint32_t mismatches = 0;
    uint32_t hangs = 0;
  };
  Ladder(const LadderStart& start, Incident incident, Instant now);
  static Incident opened(const LadderStart& start, const Observation& observation, const UnitResult& unit, Instant now);
  void keep_records(std::span<const MismatchRecord> records);
  void add_step(EvidenceStep step, Instant now);
  void take(const SliceResult& result, size_t place, Instant now);
  void take_digests(std::span<const Digest> digests);
  void add_witnesses(Retest& retest) const;
  std::vector<uint32_t> other_units() const;
  void climb();
  void conclude(Instant now);
  Verdict verdict() const;
  Verdict hang_verdict() const;
  bool everyone_gave_the_same_wrong_digest() const;

  LadderStart start_;
  Incident incident_;
  MonoTime deadline_;
  bool is_hang_ = false;
  Rung rung_ = Rung::kSameUnit;
  uint32_t tries_ = 0;
  Tally same_unit_;
  Tally other_operands_;
  uint32_t others_asked_ = 0;          // other units with a conclusive answer, or a hang in a hang's ladder
  uint32_t others_failed_ = 0;
  std::vector<Digest> wrong_digests_;  // of runs of the operand set, one per unit and rung that failed
  bool digest_missing_ = false;        // a unit failed and its digest is not known
  bool every_reread_right_ = true;     // of all records seen
  bool any_record_ = false;
};

}  // namespace assay::agent
