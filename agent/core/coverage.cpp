// SPDX-License-Identifier: Apache-2.0
#include "agent/core/coverage.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "common/base/check.h"

namespace assay::agent {
namespace {

constexpr std::chrono::milliseconds kTick{100};
constexpr uint32_t kRetryUnsupportedTicks = 24U * 3600 * 10;
constexpr uint32_t kLastTick = std::numeric_limits<uint32_t>::max();

}  // namespace

Coverage::Coverage(std::span<const ProbeSpec> probes, uint32_t units, Instant now, Variants variants)
    : probes_(probes),
      units_(units),
      variants_(variants ? std::move(variants) : std::make_shared<const VariantTable>(probes.size())),
      last_event_(now),
      first_start_(now.mono),
      states_(variants_->lanes() * units),
      lane_since_(variants_->lanes(), 1) {
  ASSAY_CHECK(units > 0 && variants_->probes() == probes.size());
  for (size_t probe = 0; probe < probes.size(); ++probe) probe_of_lane_.insert(probe_of_lane_.end(), variants_->count(probe), probe);
}

uint32_t Coverage::tick(MonoTime time) const {
  const int64_t ticks = std::max(Duration::zero(), time - first_start_) / kTick;
  return static_cast<uint32_t>(std::min<int64_t>(ticks + 1, kLastTick));
}

MonoTime Coverage::time_of(uint32_t tick) const { return first_start_ + (tick - std::min(tick, 1U)) * kTick; }

Cell Coverage::cell_at(size_t place) const {
  const size_t lane = place / units_;
  const size_t probe = probe_of_lane_[lane];
  return {probe, static_cast<uint32_t>(place % units_), static_cast<uint32_t>(lane - variants_->lane(probe, 0))};
}

void Coverage::covered(Cell cell, Instant now, std::optional<ConditionBin> bin) {
  State& state = states_[index(cell)];
  last_event_ = now;
  state.covered = tick(now.mono);
  state.unsupported = 0;
  if (bin) state.covered_in[static_cast<size_t>(*bin)] = state.covered;
}

void Coverage::unsupported(Cell cell, Instant now) { states_[index(cell)].unsupported = tick(now.mono); }

bool Coverage::is_unsupported(Cell cell, MonoTime now) const {
  const uint32_t since = at(cell).unsupported;
  return since != 0 && tick(now) - std::min(tick(now), since) < kRetryUnsupportedTicks;
}

std::optional<ConditionBin> Coverage::learn(const Conditions& conditions, Instant now) {
  bins_.learn(conditions, tick(now.mono));
  const auto bin = bins_.bin_of(conditions);
  if (bin && bin_since_[static_cast<size_t>(*bin)] == 0) bin_since_[static_cast<size_t>(*bin)] = tick(now.mono);
  return bin;
}

std::optional<Cell> Coverage::oldest(size_t tie_start, MonoTime now, std::optional<ConditionBin> bin) const {
  std::optional<size_t> best;
  std::pair<uint32_t, uint32_t> best_age;
  const uint32_t now_tick = tick(now);
  for (size_t i = 0; i < states_.size(); ++i) {
    const size_t place = (i + tie_start) % states_.size();
    const State& state = states_[place];
    if (state.unsupported != 0 && now_tick - std::min(now_tick, state.unsupported) < kRetryUnsupportedTicks) continue;
    const std::pair age{bin ? state.covered_in[static_cast<size_t>(*bin)] : 0U, state.covered};
    if (best && age >= best_age) continue;
    best = place;
    best_age = age;
  }
  if (!best) return std::nullopt;
  return cell_at(*best);
}

Duration Coverage::oldest_age(Instant now) const {
  uint32_t oldest = kLastTick;
  const uint32_t now_tick = tick(now.mono);
  for (size_t place = 0; place < states_.size(); ++place) {
    const State& state = states_[place];
    if (state.unsupported != 0 && now_tick - std::min(now_tick, state.unsupported) < kRetryUnsupportedTicks) continue;
    oldest = std::min(oldest, state.covered != 0 ? state.covered : lane_since_[place / units_]);
  }
  return oldest == kLastTick ? Duration::zero() : std::max(Duration::zero(), now.mono - time_of(oldest));
}

uint64_t Coverage::cells() const { return states_.size() - cells_unsupported(); }

uint64_t Coverage::cells_unsupported() const {
  return static_cast<uint64_t>(std::count_if(states_.begin(), states_.end(), [](const State& s) { return s.unsupported != 0; }));
}

uint64_t Coverage::cells_covered() const {
  return static_cast<uint64_t>(std::count_if(states_.begin(), states_.end(), [](const State& s) { return s.unsupported == 0 && s.covered != 0; }));
}

std::vector<BinCoverage> Coverage::bins(Instant now) const {
  std::vector<BinCoverage> all;
  for (size_t bin = 0; bin < kConditionBins; ++bin) {
    if (bin_since_[bin] == 0) continue;
    BinCoverage one;
    one.bin = static_cast<ConditionBin>(bin);
    uint32_t oldest = kLastTick;
    for (size_t place = 0; place < states_.size(); ++place) {
      const uint32_t covered = states_[place].covered_in[bin];
      if (states_[place].unsupported != 0) continue;
      one.cells_covered += covered != 0 ? 1 : 0;
      oldest = std::min(oldest, covered != 0 ? covered : std::max(bin_since_[bin], lane_since_[place / units_]));
    }
    if (oldest != kLastTick) one.oldest_age = std::max(Duration::zero(), now.mono - time_of(oldest));
    all.push_back(one);
  }
  return all;
}

LaneCoverage Coverage::lane(size_t probe, uint32_t variant) const {
  LaneCoverage lane;
  for (uint32_t unit = 0; unit < units_; ++unit) {
    const State& state = at({probe, unit, variant});
    if (state.unsupported != 0) {
      ++lane.cells_unsupported;
      continue;
    }
    ++lane.cells;
    lane.cells_covered += state.covered != 0 ? 1 : 0;
  }
  return lane;
}

void Coverage::advance(Cell cell, uint32_t runs) {
  State& state = states_[index(cell)];
  state.cursor = static_cast<uint16_t>((uint64_t{state.cursor} + runs) % probes_[cell.probe].operand_sets);
}

}  // namespace assay::agent
