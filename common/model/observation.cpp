// SPDX-License-Identifier: Apache-2.0
#include "common/model/observation.h"

#include <array>

#include <fmt/format.h>

namespace assay {

std::string_view to_string(Outcome outcome) {
  constexpr std::array<std::string_view, 3> kNames = {"match", "mismatch", "inconclusive"};
  return kNames[static_cast<size_t>(outcome)];
}

std::string_view to_string(Inconclusive reason) {
  constexpr std::array<std::string_view, 11> kNames = {"none", "unsupported", "not_executed", "no_golden", "golden_corrupt", "migrated",
                                                       "no_memory", "stopped", "hang", "crash", "runner_error"};
  static_assert(kNames.size() == static_cast<size_t>(kLastInconclusive) + 1);
  return kNames[static_cast<size_t>(reason)];
}

std::string_view to_string(Synthetic synthetic) {
  constexpr std::array<std::string_view, 3> kNames = {"none", "control", "drill"};
  return kNames[static_cast<size_t>(synthetic)];
}

std::string_view to_string(FaultShape shape) {
  constexpr std::array<std::string_view, 13> kNames = {"none", "bit_flip", "multi_bit", "zero", "dropped_write", "stale_tile", "lane_periodic",
                                                       "same_mask_pair", "stuck_at", "hang", "crash", "blind_comparator", "nan_inf"};
  static_assert(kNames.size() == static_cast<size_t>(kLastFaultShape) + 1);
  return kNames[static_cast<size_t>(shape)];
}

Result<FaultShape> parse_fault_shape(std::string_view text) {
  std::string known;
  for (uint8_t i = 0; i <= static_cast<uint8_t>(kLastFaultShape); ++i) {
    const auto shape = static_cast<FaultShape>(i);
    if (text == to_string(shape)) return shape;
    known += fmt::format("{}{}", i == 0 ? "" : ", ", to_string(shape));
  }
  return make_error(ErrorCode::kInvalid, fmt::format("'{}' is not a fault shape: choose one of {}", text.substr(0, 64), known));
}

void RunFold::add(uint32_t operand_set, const Digest& digest) {
  state_.add(operand_set);
  state_.add(digest.high);
  state_.add(digest.low);
}

Digest RunFold::value() const { return state_.value(); }

uint32_t operand_set_of_run(const UnitResult& result, uint32_t run, uint32_t operand_sets) {
  return (result.first_set + run % result.set_count) % operand_sets;
}

}  // namespace assay
