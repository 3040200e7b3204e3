// SPDX-License-Identifier: Apache-2.0
#include "collector/core/action.h"

#include <algorithm>

namespace assay::collector {
namespace {

void widen(std::optional<Rollup::Range>& into, const std::optional<Rollup::Range>& more) {
  if (!more) return;
  if (!into) {
    into = more;
    return;
  }
  into->low = std::min(into->low, more->low);
  into->high = std::max(into->high, more->high);
}

}  // namespace

void merge(Rollup& into, const Rollup& more) {
  into.match += more.match;
  into.mismatch += more.mismatch;
  into.inconclusive += more.inconclusive;
  into.rechecked += more.rechecked;
  into.controls += more.controls;
  into.controls_missed += more.controls_missed;
  into.busy += more.busy;
  if (into.units.size() < more.units.size()) into.units.resize(more.units.size());
  for (size_t i = 0; i < more.units.size(); ++i) {
    into.units[i] = static_cast<char>(static_cast<unsigned char>(into.units[i]) | static_cast<unsigned char>(more.units[i]));
  }
  for (const auto& [reason, count] : more.reasons) into.reasons[reason] += count;
  widen(into.temperature_celsius, more.temperature_celsius);
  widen(into.power_watts, more.power_watts);
  widen(into.clock_hertz, more.clock_hertz);
  into.last = std::max(into.last, more.last);
}

}  // namespace assay::collector
