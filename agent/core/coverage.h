// SPDX-License-Identifier: Apache-2.0
// When each cell (probe x unit) of a device was last measured: the age of the oldest one is the promise an operator watches.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/clock.h"
#include "common/base/result.h"
#include "common/model/probe_spec.h"

namespace assay::agent {

struct Cell {
  size_t probe = 0;    // index into the probes given at construction
  uint32_t unit = 0;   // index into Device::units
  friend bool operator==(const Cell&, const Cell&) = default;
};

// Only a match or a mismatch covers a cell; an inconclusive run, a control or a drill does not. A cell that this machine cannot
// run is set apart as unsupported and counts neither as covered nor as old. Not thread-safe.
class Coverage {
 public:
  Coverage(std::span<const ProbeSpec> probes, uint32_t units, Instant now);

  void covered(Cell cell, Instant now);
  void unsupported(Cell cell, Instant now);
  // Unsupported cells are tried again after a day: microcode and kernels change.
  bool is_unsupported(Cell cell, MonoTime now) const;

  // The supported cell covered longest ago (never covered is oldest of all; ties go to the lowest after `tie_start`, so that
  // devices do not all begin with the same one); absent when every cell is unsupported.
  std::optional<Cell> oldest(size_t tie_start, MonoTime now) const;
  // Age of that cell; of a cell that was never covered: since the first start of the agent on this device.
  Duration oldest_age(Instant now) const;
  uint64_t cells() const;          // supported ones
  uint64_t cells_covered() const;  // of them, at least once
  uint64_t cells_unsupported() const;

  // The operand-set cursor of a cell: how many runs it has behind it, modulo the operand sets.
  uint32_t cursor(Cell cell) const { return at(cell).cursor; }
  void advance(Cell cell, uint32_t runs);

  // For the durable state, by probe reference and unit, so that a new catalogue keeps what still fits. restore() ignores cells that
  // no longer exist; kCorrupt when the bytes are not from save().
  std::string save() const;
  Status restore(std::string_view bytes, Instant now);

 private:
  struct State {
    std::optional<WallTime> covered_at;
    MonoTime covered_mono;
    std::optional<MonoTime> unsupported_at;
    uint32_t cursor = 0;
  };
  size_t index(Cell cell) const { return cell.probe * units_ + cell.unit; }
  const State& at(Cell cell) const { return states_[index(cell)]; }

  std::span<const ProbeSpec> probes_;
  uint32_t units_;
  WallTime first_start_;
  MonoTime first_start_mono_;
  std::vector<State> states_;  // probe-major
};

}  // namespace assay::agent
