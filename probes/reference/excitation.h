// SPDX-License-Identifier: Apache-2.0
// What share of the stuck-at wires of the datapath model each recipe of operands shows, for the formats that
// truncating matrix units have.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "probes/reference/datapath_model.h"

namespace assay::probes::reference {

enum class Recipe : uint8_t {
  kTernary,        // -1, 0, 1: what simple exact tests use
  kSmallIntegers,  // -7..7
  kGrid,           // the operands of gemm.<format>.grid: T0
  kGridAndRandom,  // and those of gemm.<format>.random.<architecture>: T1 in addition
};
inline constexpr int kRecipes = 4;
std::string_view to_string(Recipe recipe);

struct Excitation {
  uint32_t wires = 0;
  uint32_t shown = 0;
  // By DatapathPart.
  std::array<uint32_t, kDatapathParts> part_wires{};
  std::array<uint32_t, kDatapathParts> part_shown{};
  double share() const { return wires == 0 ? 0 : static_cast<double>(shown) / wires; }
};

// Over `dots` dot products of k = 512 (for kGridAndRandom so many of each kind), a multiple of 8: an eighth from each of the operand sets 0..7.
// The unit has a grid probe of its format and, for kGridAndRandom, a random one.
Excitation measure_excitation(const MatrixUnit& unit, Recipe recipe, uint32_t dots);

}  // namespace assay::probes::reference
