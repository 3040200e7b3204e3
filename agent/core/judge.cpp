// SPDX-License-Identifier: Apache-2.0
#include "agent/core/judge.h"

#include <algorithm>
#include <array>

namespace assay::agent {
namespace {

constexpr std::chrono::hours kHangWindow{24};

bool golden_is_corrupt(const SliceResult& result) {
  return !result.golden_rehash_ok || std::any_of(result.observation.units.begin(), result.observation.units.end(), [](const UnitResult& unit) {
    return unit.reason == Inconclusive::kGoldenCorrupt;
  });
}

}  // namespace

std::string_view to_string(FindingKind kind) {
  constexpr std::array<std::string_view, 8> kNames = {"mismatch",       "hang",         "crash",          "isolate",
                                                      "golden_corrupt", "control_seen", "control_missed", "control_inconclusive"};
  static_assert(kNames.size() == static_cast<size_t>(FindingKind::kControlInconclusive) + 1);
  return kNames[static_cast<size_t>(kind)];
}

bool Judge::hung_before(const ProbeRef& probe, uint32_t unit, MonoTime now) {
  const auto [place, first] = hangs_.try_emplace({probe, unit}, now);
  const bool repeated = !first && now - place->second <= kHangWindow;
  place->second = now;
  return repeated;
}

Finding Judge::judge_control(const UnitResult& unit) {
  Finding finding;
  finding.unit = unit.unit;
  switch (unit.outcome) {
    case Outcome::kMismatch:
      ++controls_.seen;
      finding.kind = FindingKind::kControlSeen;
      break;
    case Outcome::kMatch:
      ++controls_.missed;
      finding.kind = FindingKind::kControlMissed;
      break;
    case Outcome::kInconclusive:
      ++controls_.inconclusive;
      finding.kind = FindingKind::kControlInconclusive;
      break;
  }
  return finding;
}

std::vector<Finding> Judge::judge(const SliceOrder& order, const SliceResult& result, MonoTime now) {
  const std::vector<UnitResult>& units = result.observation.units;
  if (golden_is_corrupt(result)) return {{FindingKind::kGoldenCorrupt, units.empty() ? 0 : units.front().unit, 0, false}};
  if (order.purpose == Purpose::kLadder) return {};
  if (order.purpose == Purpose::kControl) {
    // Others may have run to vote with it.
    const auto planted = std::ranges::find(units, order.injection.unit, &UnitResult::unit);
    return planted == units.end() ? std::vector<Finding>{} : std::vector<Finding>{judge_control(*planted)};
  }

  std::vector<Finding> findings;
  const bool several = units.size() > 1;
  for (size_t place = 0; place < units.size(); ++place) {
    const UnitResult& unit = units[place];
    if (unit.outcome == Outcome::kMismatch) findings.push_back({FindingKind::kMismatch, unit.unit, place, false});
    if (unit.outcome != Outcome::kInconclusive) continue;
    const bool died = unit.reason == Inconclusive::kHang || unit.reason == Inconclusive::kCrash;
    if (died && several && order.probe->tier != GoldenTier::kT3Quorum) {
      findings.push_back({FindingKind::kIsolate, unit.unit, place, false});
    } else if (unit.reason == Inconclusive::kHang) {
      // A replay is the site's program, which may hang by itself: said, and held against nobody.
      const bool may_accuse = order.probe->tier != GoldenTier::kT3Quorum;
      findings.push_back({FindingKind::kHang, unit.unit, place, may_accuse && hung_before(order.probe->ref, unit.unit, now)});
    } else if (unit.reason == Inconclusive::kCrash) {
      findings.push_back({FindingKind::kCrash, unit.unit, place, false});
    }
  }
  return findings;
}

}  // namespace assay::agent
