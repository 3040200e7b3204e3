// SPDX-License-Identifier: Apache-2.0
#include "collector/core/breaker.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "collector/core/admission.h"

namespace assay::collector {

ScopeLoad scope_load(const FleetState& state, const std::string& scope, WallTime now) {
  // What a reset lets through in the same instant counts against the new allowance.
  const WallTime from = std::max(now - limits::kBreakerWindow, state.breaker.last_reset.value_or(WallTime::min()));
  ScopeLoad load;
  for (const auto& [id, record] : state.devices) {
    if (record.real.state == DeviceState::kRetired) continue;
    if (scope != kFleetScope && cohort_key(record.device) != scope) continue;
    ++load.devices;
    if (record.last_quarantine && *record.last_quarantine >= from) ++load.recent_quarantines;
    if (is_out_of_service(record.real.state)) ++load.out;
  }
  return load;
}

uint64_t breaker_limit(const PolicyOptions& options, uint64_t devices) {
  return std::max<uint64_t>(options.breaker_floor, static_cast<uint64_t>(options.breaker_ratio * static_cast<double>(devices)));
}

BreakerAnswer ask_breaker(const FleetState& state, const PolicyOptions& options, const std::string& cohort, WallTime now) {
  for (const std::string& scope : {std::string(kFleetScope), cohort}) {
    const auto open = state.breaker.open.find(scope);
    if (open == state.breaker.open.end()) continue;
    return {false, "", fmt::format("circuit breaker of {} is open since {}; reset it with a reason to go on", scope, format_utc(open->second))};
  }
  for (const std::string& scope : {std::string(kFleetScope), cohort}) {
    const ScopeLoad load = scope_load(state, scope, now);
    const uint64_t limit = breaker_limit(options, load.devices);
    if (load.recent_quarantines < limit) continue;
    return {false, scope, fmt::format("circuit breaker of {} opens: {} quarantines within {} h are the limit of {} devices", scope,
                                      load.recent_quarantines, limits::kBreakerWindow.count(), load.devices)};
  }
  return {};
}

std::optional<std::string> capacity_gap(const FleetState& state, const PolicyOptions& options) {
  const ScopeLoad load = scope_load(state, kFleetScope, WallTime{});
  const double spare = std::floor((1.0 - options.capacity_floor_ratio) * static_cast<double>(load.devices) + 1e-9);
  const uint64_t allowed = std::max<uint64_t>(options.breaker_floor, spare > 0 ? static_cast<uint64_t>(spare) : 0);
  if (load.out < allowed) return std::nullopt;
  return fmt::format("capacity floor: {} of {} devices are out of service and {} is the limit; it waits until one returns", load.out, load.devices,
                     allowed);
}

}  // namespace assay::collector
