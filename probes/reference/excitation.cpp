// SPDX-License-Identifier: Apache-2.0
#include "probes/reference/excitation.h"

#include <fmt/format.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "common/base/check.h"
#include "common/base/random.h"
#include "probes/catalogue/gemm_random.h"

namespace assay::probes::reference {
namespace {

using gemm_grid::kColumns;
using gemm_grid::kDepth;
using gemm_grid::kRows;

constexpr uint32_t kSets = 8;  // so that every lane meets every class of gemm_grid.h

// A row-major and B column-major, as the unit gets them.
struct Matrices {
  std::vector<Unpacked> a;
  std::vector<Unpacked> b;
};

Matrices unpack_all(const NarrowFloat& format, std::span<const uint32_t> a, std::span<const uint32_t> b) {
  Matrices matrices;
  for (const uint32_t code : a) matrices.a.push_back(unpack(format, code));
  for (const uint32_t code : b) matrices.b.push_back(unpack(format, code));
  return matrices;
}

// Random integers of magnitude up to `largest`, zero included.
Matrices integers(const MatrixUnit& unit, uint32_t largest, uint32_t operand_set) {
  Random random(seed_from("excitation", operand_set));
  const auto draw = [&](size_t count) {
    std::vector<uint32_t> codes;
    for (size_t i = 0; i < count; ++i) {
      const auto value = static_cast<int>(random.below(2 * largest + 1)) - static_cast<int>(largest);
      codes.push_back(unit.operand.encode(value < 0, static_cast<uint32_t>(std::abs(value)), 0));
    }
    return codes;
  };
  const auto a = draw(size_t{kRows} * kDepth);
  return unpack_all(unit.operand, a, draw(size_t{kColumns} * kDepth));
}

Matrices of_grid(const MatrixUnit& unit, uint32_t operand_set) {
  const gemm_grid::Kind& kind = gemm_grid::kind_of(fmt::format("gemm.{}.grid", unit.format));
  const GridOperands operands = grid_operands(kind, operand_set);
  return unpack_all(unit.operand, operands.a, operands.b);
}

template <typename T>
Matrices of_random(const gemm_random::Kind& kind, uint32_t operand_set) {
  std::vector<T> a(size_t{kRows} * kDepth);
  std::vector<T> b(size_t{kColumns} * kDepth);
  gemm_random::operands(kind, operand_set, {}, a.data(), b.data());
  const auto codes = [&](const std::vector<T>& from) {
    std::vector<uint32_t> wide(from.begin(), from.end());
    for (uint32_t& code : wide) code >>= kind.code_bytes == 4 ? 13 : 0;
    return wide;
  };
  return unpack_all(kind.format, codes(a), codes(b));
}

Matrices of_random(const MatrixUnit& unit, uint32_t operand_set) {
  const auto* kind = gemm_random::find_kind(fmt::format("gemm.{}.random.{}", unit.format, unit.architecture));
  ASSAY_CHECK(kind != nullptr);
  if (kind->code_bytes == 1) return of_random<uint8_t>(*kind, operand_set);
  return kind->code_bytes == 2 ? of_random<uint16_t>(*kind, operand_set) : of_random<uint32_t>(*kind, operand_set);
}

// Rows and columns paired so that every row meets many columns early.
std::vector<DotOperands> pairs_of(const Matrices& matrices, uint32_t count) {
  std::vector<DotOperands> dots;
  for (uint32_t d = 0; d < count; ++d) {
    const size_t row = d % kRows;
    const size_t column = (d * 5 + d / kRows) % kColumns;
    dots.push_back({std::span(matrices.a).subspan(row * kDepth, kDepth), std::span(matrices.b).subspan(column * kDepth, kDepth)});
  }
  return dots;
}

}  // namespace

std::string_view to_string(Recipe recipe) {
  constexpr std::string_view kNames[] = {"-1, 0, 1", "small integers", "grid (T0)", "grid and random (T0 + T1)"};
  static_assert(std::size(kNames) == kRecipes);
  return kNames[static_cast<size_t>(recipe)];
}

Excitation measure_excitation(const MatrixUnit& unit, Recipe recipe, uint32_t dots) {
  ASSAY_CHECK(dots % kSets == 0);
  std::vector<Matrices> matrices;
  for (uint32_t set = 0; set < kSets; ++set) {
    if (recipe == Recipe::kTernary) matrices.push_back(integers(unit, 1, set));
    if (recipe == Recipe::kSmallIntegers) matrices.push_back(integers(unit, 7, set));
    if (recipe == Recipe::kGrid || recipe == Recipe::kGridAndRandom) matrices.push_back(of_grid(unit, set));
    if (recipe == Recipe::kGridAndRandom) matrices.push_back(of_random(unit, set));
  }
  std::vector<DotOperands> all;
  for (const Matrices& each : matrices) {
    const auto some = pairs_of(each, dots / kSets);
    all.insert(all.end(), some.begin(), some.end());
  }
  const auto wires = stuck_wires(unit);
  const auto shown = excited(unit, wires, all);
  Excitation result;
  for (size_t w = 0; w < wires.size(); ++w) {
    const auto part = static_cast<size_t>(wires[w].part);
    ++result.wires;
    ++result.part_wires[part];
    if (!shown[w]) continue;
    ++result.shown;
    ++result.part_shown[part];
  }
  return result;
}

}  // namespace assay::probes::reference
