// SPDX-License-Identifier: Apache-2.0
// When each cell (probe x variant x unit) of a device was last measured, at all and in each condition bin: the age of the oldest one is the
// promise an operator watches.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "agent/core/condition_bins.h"
#include "agent/core/variants.h"
#include "common/base/clock.h"
#include "common/base/result.h"
#include "common/model/probe_spec.h"

namespace assay::agent {

struct Cell {
  size_t probe = 0;      // index into the probes given at construction
  uint32_t unit = 0;     // index into Device::units
  uint32_t variant = 0;  // of the probe, in the order of the variant table: 0 is the strongest
  friend bool operator==(const Cell&, const Cell&) = default;
};

// How well one condition bin is covered.
struct BinCoverage {
  ConditionBin bin = ConditionBin::kWarm;
  uint64_t cells_covered = 0;   // supported ones, at least once in this bin
  Duration oldest_age{};        // the largest of a supported cell; if never covered in this bin: since it could have been
};

// How well one lane (a probe in one variant) is covered, over all units.
struct LaneCoverage {
  uint64_t cells = 0;           // supported ones
  uint64_t cells_covered = 0;
  uint64_t cells_unsupported = 0;
};

// Only a match or a mismatch covers a cell; an inconclusive run, a control or a drill does not. A cell that this machine cannot
// run is set apart as unsupported and counts neither as covered nor as old. Times are kept to a tenth of a second, 24 bytes a cell: 60 probes
// x 4 variants x 256 units take 1.5 MB. Not thread-safe.
class Coverage {
 public:
  // Without a table of variants every probe has one, the strongest.
  Coverage(std::span<const ProbeSpec> probes, uint32_t units, Instant now, Variants variants = nullptr);

  // `bin`: that the run fell in, where the device tells.
  void covered(Cell cell, Instant now, std::optional<ConditionBin> bin = std::nullopt);
  void unsupported(Cell cell, Instant now);
  // Unsupported cells are tried again after a day: microcode and kernels change.
  bool is_unsupported(Cell cell, MonoTime now) const;

  // Takes the conditions of a run into what the bins are made of, and says which one it was.
  std::optional<ConditionBin> learn(const Conditions& conditions, Instant now);
  const ConditionBins& condition_bins() const { return bins_; }

  // The supported cell covered longest ago (never covered is oldest of all; ties go to the lowest after `tie_start`, so that
  // devices do not all begin with the same one); absent when every cell is unsupported. With a bin: covered longest ago in that bin, and of
  // those never covered in it the one that is oldest at all.
  std::optional<Cell> oldest(size_t tie_start, MonoTime now, std::optional<ConditionBin> bin = std::nullopt) const;
  // The largest age of a supported cell; of one that was never covered: since the agent first knew of it on this device.
  Duration oldest_age(Instant now) const;
  size_t all_cells() const { return states_.size(); }
  uint64_t cells() const;          // supported ones
  uint64_t cells_covered() const;  // of them, at least once
  uint64_t cells_unsupported() const;
  // Of the bins in which the device was ever seen; none where it tells no conditions.
  std::vector<BinCoverage> bins(Instant now) const;
  LaneCoverage lane(size_t probe, uint32_t variant) const;
  const VariantTable& variants() const { return *variants_; }

  // The operand-set cursor of a cell: how many runs it has behind it, modulo the operand sets.
  uint32_t cursor(Cell cell) const { return at(cell).cursor; }
  void advance(Cell cell, uint32_t runs);

  // For the durable state, by probe reference, variant and unit, so that a new catalogue or another processor keeps what still fits. restore()
  // ignores cells that no longer exist. What earlier releases saved does not say which variant ran: it covers only probes that have but one.
  // kCorrupt when the bytes are not from save().
  std::string save() const;
  Status restore(std::string_view bytes, Instant now);

 private:
  // Ticks of a tenth of a second since the first start, from 1; 0: never. They last for 13 years.
  struct State {
    uint32_t covered = 0;
    uint32_t unsupported = 0;
    std::array<uint32_t, kConditionBins> covered_in{};
    uint16_t cursor = 0;
  };
  static_assert(sizeof(State) <= 24, "see the class comment");

  size_t index(Cell cell) const { return variants_->lane(cell.probe, cell.variant) * units_ + cell.unit; }
  const State& at(Cell cell) const { return states_[index(cell)]; }
  Cell cell_at(size_t place) const;
  uint32_t tick(MonoTime time) const;
  MonoTime time_of(uint32_t tick) const;
  static void save_state(ByteWriter& out, const State& state);
  static State restore_state(ByteReader& in);
  bool restore_lane(ByteReader& in, size_t probe, std::optional<uint32_t> variant);
  bool restore_format_1(ByteReader& in, Instant now);
  bool restore_format_2(ByteReader& in, Instant now);

  std::span<const ProbeSpec> probes_;
  uint32_t units_;
  Variants variants_;
  Instant last_event_;              // what save() ties the ticks to the wall clock by
  MonoTime first_start_;
  ConditionBins bins_;
  std::array<uint32_t, kConditionBins> bin_since_{};   // tick at which the device was first seen in the bin; 0: never
  std::vector<State> states_;       // lane-major
  std::vector<size_t> probe_of_lane_;
  std::vector<uint32_t> lane_since_;   // tick at which the lane was first known
};

}  // namespace assay::agent
