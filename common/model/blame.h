// SPDX-License-Identifier: Apache-2.0
// One unit, or everywhere? One operand set, or any? The retests of an incident as a two-way table (unit by operand set) with the
// probability that chance alone looks like this. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "common/model/incident.h"
#include "common/model/rates.h"

namespace assay {

enum class BlameRow : uint8_t { kUnit, kOtherUnit, kPeerDevice };
std::string_view to_string(BlameRow row);  // "unit", "other_unit", "peer_device"

// One cell of the table: the runs of one unit (of all units of peers together) on the incident's operand set or on others.
struct BlameCell {
  BlameRow row = BlameRow::kUnit;
  uint32_t unit = 0;              // means nothing for kPeerDevice
  bool same_operands = true;      // the operand set of the incident, else other ones
  Counts wrong;                   // runs that mismatched, of all
  friend bool operator==(const BlameCell&, const BlameCell&) = default;
};

struct BlameTable {
  std::vector<BlameCell> cells;   // the blamed unit first, other units in the order of the retests, peers last; only what was run
  // Fisher's exact test on the operand set of the incident, the unit against all others: how likely it fails so much more often if every unit fails
  // alike ("everywhere"). Small: it is this unit. Absent without runs of both.
  std::optional<double> p_everywhere;
  // The same of the unit alone, its operand set against others: how likely if the unit fails alike on any operands. Small: it takes these bits.
  std::optional<double> p_any_operands;
};

// From the steps of the ladder. The first sight is left out: it is why there is an incident, so it always failed. Runs of one unit are not independent
// where a defect is steady, so a small value separates the hypotheses, it does not measure a rate.
BlameTable blame_table(const std::vector<EvidenceStep>& steps);

}  // namespace assay
