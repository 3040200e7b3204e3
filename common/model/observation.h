// SPDX-License-Identifier: Apache-2.0
// What one slice of one probe gave on one device. A mismatch is data, never an error; "could not measure" has a reason and
// is never a pass.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/clock.h"
#include "common/base/digest.h"
#include "common/base/result.h"
#include "common/model/device.h"
#include "common/model/probe_spec.h"

namespace assay {

enum class Outcome : uint8_t { kMatch, kMismatch, kInconclusive };
std::string_view to_string(Outcome outcome);  // "match", "mismatch", "inconclusive"

// Why nothing can be said. Every value is exported by name; kNone goes with match and mismatch only.
enum class Inconclusive : uint8_t {
  kNone,
  kUnsupported,     // the unit lacks the instructions, or is out of this process's reach
  kNotExecuted,     // outputs still poisoned, or fewer items than asked for
  kNoGolden,        // no golden for this probe version and operand set
  kGoldenCorrupt,   // the golden no longer hashes to what was loaded
  kMigrated,        // the thread did not stay on its unit
  kNoMemory,        // the working set could not be had
  kStopped,         // pre-empted before the first item was complete
  kHang,            // the runner passed its deadline and was killed
  kCrash,           // the runner ended by a signal or an unexpected exit
  kRunnerError,     // the runner could not be started or spoke nonsense
};
inline constexpr Inconclusive kLastInconclusive = Inconclusive::kRunnerError;
std::string_view to_string(Inconclusive reason);  // "not_executed"

// Whether a result is real. Controls and drills are marked from end to end and never drain anything real.
enum class Synthetic : uint8_t { kNone, kControl, kDrill };
std::string_view to_string(Synthetic synthetic);  // "none", "control", "drill"

// Shapes of injected faults (docs/reference/fault-shapes.md). What each changes is defined by the backend's injector.
enum class FaultShape : uint8_t {
  kNone, kBitFlip, kMultiBit, kZero, kDroppedWrite, kStaleTile, kLanePeriodic, kSameMaskPair, kStuckAt, kHang, kCrash,
  kBlindComparator,  // a bit flip, and the comparator says match all the same
  kNanInf,           // a number becomes a NaN or an infinity of some format
};
inline constexpr FaultShape kLastFaultShape = FaultShape::kNanInf;
std::string_view to_string(FaultShape shape);  // "bit_flip"
Result<FaultShape> parse_fault_shape(std::string_view text);

// One differing 64-bit word of a result, or (word_index == kWholeDigest) a differing digest whose words were right when read
// again: then expected/actual are the digests' low halves.
struct MismatchRecord {
  static constexpr uint64_t kWholeDigest = ~uint64_t{0};
  uint32_t operand_set = 0;
  uint32_t step = 0;             // which step of the computation
  uint64_t word_index = 0;       // position in the output of that step, in 64-bit words
  uint32_t lane = 0;             // lane of the widest vector the variant uses, in words
  uint64_t expected = 0;
  uint64_t actual = 0;
  uint64_t reread = 0;           // read again with the caches bypassed
  uint32_t cpu_before = 0;       // unit the thread was on before and after
  uint32_t cpu_after = 0;
  uint64_t mask() const { return expected ^ actual; }
  friend bool operator==(const MismatchRecord&, const MismatchRecord&) = default;
};

// The runs of one slice on one unit: run i computed operand set (first_set + i % set_count) % operand_sets.
struct UnitResult {
  uint32_t unit = 0;             // index into Device::units
  uint32_t first_set = 0;
  uint32_t set_count = 1;
  uint32_t runs = 0;             // complete runs, those that mismatched included
  uint32_t mismatches = 0;       // runs whose digest differed
  Outcome outcome = Outcome::kInconclusive;
  Inconclusive reason = Inconclusive::kNotExecuted;
  Digest fold;                   // RunFold over all complete runs, in order; all zero when runs == 0
  Duration busy{};               // time this unit computed
  std::vector<MismatchRecord> records;   // at most limits::kMismatchRecordsPerUnit
  friend bool operator==(const UnitResult&, const UnitResult&) = default;
};

struct Observation {
  std::string device_id;
  ProbeRef probe;
  std::string variant;           // "avx512", "avx2", "scalar", "neon"
  Synthetic synthetic = Synthetic::kNone;
  WallTime started;
  Duration took{};
  Conditions conditions;
  std::vector<UnitResult> units;
  friend bool operator==(const Observation&, const Observation&) = default;
};

// Folds the digests of consecutive runs into one; agent, runner and collector compute it alike, so the collector can check
// a slice against the goldens without the digest of every run.
class RunFold {
 public:
  void add(uint32_t operand_set, const Digest& digest);
  Digest value() const;

 private:
  Digest128 state_{0x666F6C64};  // "fold"
};

// The operand set of run i of a result.
uint32_t operand_set_of_run(const UnitResult& result, uint32_t run, uint32_t operand_sets);

}  // namespace assay
