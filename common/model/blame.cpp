// SPDX-License-Identifier: Apache-2.0
#include "common/model/blame.h"

#include <algorithm>
#include <array>

namespace assay {
namespace {

struct Place {
  BlameRow row;
  bool same_operands;
};

std::optional<Place> place_of(Rung rung) {
  switch (rung) {
    case Rung::kSameUnit: return Place{BlameRow::kUnit, true};
    case Rung::kOtherOperands: return Place{BlameRow::kUnit, false};
    case Rung::kOtherUnits: return Place{BlameRow::kOtherUnit, true};
    case Rung::kPeerDevice: return Place{BlameRow::kPeerDevice, true};
    case Rung::kFirstSight:
    case Rung::kRehashGolden:
    case Rung::kReread: return std::nullopt;
  }
  return std::nullopt;
}

Counts sum_of(const std::vector<BlameCell>& cells, bool of_unit, bool same_operands) {
  Counts sum;
  for (const BlameCell& cell : cells) {
    if ((cell.row == BlameRow::kUnit) != of_unit || cell.same_operands != same_operands) continue;
    sum.hits += cell.wrong.hits;
    sum.trials += cell.wrong.trials;
  }
  return sum;
}

std::optional<double> test(const Counts& suspect, const Counts& others) {
  if (suspect.trials == 0 || others.trials == 0) return std::nullopt;
  return fisher_exact(suspect, others);
}

}  // namespace

std::string_view to_string(BlameRow row) {
  constexpr std::array<std::string_view, 3> kNames = {"unit", "other_unit", "peer_device"};
  return kNames[static_cast<size_t>(row)];
}

BlameTable blame_table(const std::vector<EvidenceStep>& steps) {
  BlameTable table;
  for (const EvidenceStep& step : steps) {
    const auto place = place_of(step.rung);
    if (!place || step.runs == 0 || step.mismatches > step.runs) continue;
    const uint32_t unit = place->row == BlameRow::kPeerDevice ? 0 : step.unit;
    auto cell = std::find_if(table.cells.begin(), table.cells.end(), [&](const BlameCell& one) {
      return one.row == place->row && one.unit == unit && one.same_operands == place->same_operands;
    });
    if (cell == table.cells.end()) cell = table.cells.insert(cell, {place->row, unit, place->same_operands, {}});
    cell->wrong.hits += step.mismatches;
    cell->wrong.trials += step.runs;
  }
  std::stable_sort(table.cells.begin(), table.cells.end(), [](const BlameCell& a, const BlameCell& b) { return a.row < b.row; });
  const Counts unit_here = sum_of(table.cells, true, true);
  table.p_everywhere = test(unit_here, sum_of(table.cells, false, true));
  table.p_any_operands = test(unit_here, sum_of(table.cells, true, false));
  return table;
}

}  // namespace assay
