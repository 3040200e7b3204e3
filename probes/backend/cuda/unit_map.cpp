// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/cuda/unit_map.h"

#include <fmt/format.h>

#include <numeric>
#include <set>

namespace assay::probes::cuda {

Result<UnitMap> UnitMap::make(uint32_t unit_count, uint32_t bound, std::span<const uint32_t> seen, const Reach& reach) {
  if (bound < unit_count) {
    return make_error(ErrorCode::kInternal, fmt::format("the device has {} units but numbers them below {}", unit_count, bound));
  }
  UnitMap map;
  map.index_.resize(bound);
  map.hardware_.resize(unit_count);
  if (bound == unit_count) {
    std::iota(map.hardware_.begin(), map.hardware_.end(), 0U);
  } else {
    const std::set<uint32_t> numbers(seen.begin(), seen.end());
    if (reach.is_confined()) {
      return make_error(ErrorCode::kConflict, fmt::format("this process is confined to a part of the device: {}; {} unit numbers below {} answered, which leaves open "
                                                          "which units they are: probe from a process that has the whole device", reach.why, numbers.size(), bound));
    }
    if (numbers.size() < unit_count) {
      return make_error(ErrorCode::kConflict, fmt::format("only {} of {} units answered, so their numbers are not known: try again when the device is idle",
                                                          numbers.size(), unit_count));
    }
    if (numbers.size() > unit_count || (!numbers.empty() && *numbers.rbegin() >= bound)) {
      return make_error(ErrorCode::kInternal, fmt::format("{} unit numbers were seen on a device of {} units", numbers.size(), unit_count));
    }
    map.hardware_.assign(numbers.begin(), numbers.end());
  }
  map.reachable_.assign(unit_count, !reach.is_confined());
  for (const uint32_t number : seen) {
    if (reach.is_confined() && number < bound) map.reachable_[number] = true;
  }
  for (uint32_t index = 0; index < unit_count; ++index) map.index_[map.hardware_[index]] = index;
  return map;
}

std::optional<uint32_t> UnitMap::index_of(uint32_t hardware) const { return hardware < index_.size() ? index_[hardware] : std::nullopt; }

}  // namespace assay::probes::cuda
