// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/cuda/unit_map.h"

#include <fmt/format.h>

#include <numeric>
#include <set>

namespace assay::probes::cuda {

Status UnitMap::check_gaps(uint32_t unit_count, size_t seen, const Reach& reach) {
  const bool is_share = reach.of_a_share && (reach.is_confined() || seen > unit_count);
  if (is_share || (reach.is_confined() && seen < unit_count)) {
    return make_error(ErrorCode::kConflict,
                      fmt::format("this process has a part of the device ({}), and {} unit numbers with gaps do not tell which units they are: probe from a process "
                                  "that has the whole device", reach.is_confined() ? reach.why : "a share of MPS", seen));
  }
  if (seen < unit_count) {
    return make_error(ErrorCode::kConflict,
                      fmt::format("only {} of {} units answered, so their numbers are not known: try again when the device is idle", seen, unit_count));
  }
  if (seen > unit_count) return make_error(ErrorCode::kInternal, fmt::format("{} unit numbers were seen on a device of {} units", seen, unit_count));
  return {};
}

Result<UnitMap> UnitMap::make(uint32_t unit_count, uint32_t bound, std::span<const uint32_t> seen, const Reach& reach) {
  if (bound < unit_count) {
    return make_error(ErrorCode::kInternal, fmt::format("the device has {} units but numbers them below {}", unit_count, bound));
  }
  const std::set<uint32_t> numbers(seen.begin(), seen.end());
  if (!numbers.empty() && *numbers.rbegin() >= bound) {
    return make_error(ErrorCode::kInternal, fmt::format("unit number {} was seen on a device that numbers them below {}", *numbers.rbegin(), bound));
  }
  UnitMap map;
  map.index_.resize(bound);
  map.hardware_.resize(unit_count);
  if (bound == unit_count) {
    std::iota(map.hardware_.begin(), map.hardware_.end(), 0U);
  } else {
    TRY(check_gaps(unit_count, numbers.size(), reach));
    map.hardware_.assign(numbers.begin(), numbers.end());
  }
  map.reachable_.assign(unit_count, !reach.is_confined());
  for (uint32_t index = 0; index < unit_count; ++index) {
    map.index_[map.hardware_[index]] = index;
    if (numbers.contains(map.hardware_[index])) map.reachable_[index] = true;
  }
  return map;
}

std::optional<uint32_t> UnitMap::index_of(uint32_t hardware) const { return hardware < index_.size() ? index_[hardware] : std::nullopt; }

}  // namespace assay::probes::cuda
