// SPDX-License-Identifier: Apache-2.0
#include "probes/tool/excitation_table.h"

#include <fmt/format.h>

#include <string_view>

#include "probes/reference/excitation.h"

namespace assay::probes {
namespace {

using reference::Excitation;
using reference::Recipe;

// Every format once.
struct Shown {
  std::string_view architecture;
  std::string_view format;
};
constexpr Shown kShown[] = {{"hopper", "fp16"}, {"hopper", "bf16"}, {"hopper", "tf32"}, {"hopper", "e4m3"},
                            {"hopper", "e5m2"}};

std::string percent(uint32_t shown, uint32_t wires) { return fmt::format("{:.1f} %", 100.0 * shown / wires); }

}  // namespace

std::string excitation_table(uint32_t dots) {
  std::string shares = "| unit | wires |";
  std::string rule = "|---|---|";
  for (int r = 0; r < reference::kRecipes; ++r) {
    shares += fmt::format(" {} |", to_string(static_cast<Recipe>(r)));
    rule += "---|";
  }
  shares += "\n" + rule + "\n";
  std::string parts = "| unit | recipe |";
  rule = "|---|---|";
  for (int p = 0; p < reference::kDatapathParts; ++p) {
    parts += fmt::format(" {} |", to_string(static_cast<reference::DatapathPart>(p)));
    rule += "---|";
  }
  parts += "\n" + rule + "\n";
  for (const Shown& shown : kShown) {
    const reference::MatrixUnit& unit = *reference::find_unit(shown.architecture, shown.format);
    std::string row;
    Excitation last;
    for (int r = 0; r < reference::kRecipes; ++r) {
      last = measure_excitation(unit, static_cast<Recipe>(r), dots);
      row += fmt::format(" {} |", percent(last.shown, last.wires));
      if (static_cast<Recipe>(r) < Recipe::kGrid) continue;
      parts += fmt::format("| {} {} | {} |", unit.architecture, unit.format, to_string(static_cast<Recipe>(r)));
      for (int p = 0; p < reference::kDatapathParts; ++p) {
        const auto at = static_cast<size_t>(p);
        parts += fmt::format(" {} |", percent(last.part_shown[at], last.part_wires[at]));
      }
      parts += "\n";
    }
    shares += fmt::format("| {} {} | {} |{}\n", unit.architecture, unit.format, last.wires, row);
  }
  return shares + "\n" + parts;
}

}  // namespace assay::probes
