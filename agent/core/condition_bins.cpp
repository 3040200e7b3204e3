// SPDX-License-Identifier: Apache-2.0
#include "agent/core/condition_bins.h"

#include <algorithm>
#include <cmath>

namespace assay::agent {
namespace {

bool is_plausible(double celsius) { return std::isfinite(celsius) && celsius >= -60 && celsius <= 160; }

}  // namespace

std::string_view to_string(ConditionBin bin) {
  constexpr std::array<std::string_view, kConditionBins> kNames = {"cold", "warm", "hot"};
  return kNames[static_cast<size_t>(bin)];
}

void ConditionBins::learn(const Conditions& conditions, uint32_t tick) {
  if (!conditions.temperature_celsius || !is_plausible(*conditions.temperature_celsius)) return;
  if (tick - std::min(tick, epoch_begun_) >= kEpochTicks) {
    previous_ = current_;
    current_.reset();
    epoch_begun_ = tick;
  }
  const double celsius = *conditions.temperature_celsius;
  if (!current_) current_ = Range{celsius, celsius};
  current_->lowest = std::min(current_->lowest, celsius);
  current_->highest = std::max(current_->highest, celsius);
}

std::optional<ConditionBins::Thresholds> ConditionBins::thresholds() const {
  if (!current_) return std::nullopt;
  const double lowest = previous_ ? std::min(previous_->lowest, current_->lowest) : current_->lowest;
  const double highest = previous_ ? std::max(previous_->highest, current_->highest) : current_->highest;
  const double span = highest - lowest;
  if (span < kLeastSpanCelsius) return std::nullopt;
  return Thresholds{lowest + span / 3, highest - span / 3};
}

std::optional<ConditionBin> ConditionBins::bin_of(const Conditions& conditions) const {
  const auto at = thresholds();
  if (!at || !conditions.temperature_celsius || !is_plausible(*conditions.temperature_celsius)) return std::nullopt;
  if (*conditions.temperature_celsius < at->warm_from_celsius) return ConditionBin::kCold;
  return *conditions.temperature_celsius < at->hot_from_celsius ? ConditionBin::kWarm : ConditionBin::kHot;
}

void ConditionBins::save(ByteWriter& out, const std::optional<Range>& range) {
  out.u8(range ? 1 : 0);
  if (!range) return;
  out.f64(range->lowest);
  out.f64(range->highest);
}

bool ConditionBins::restore(ByteReader& in, std::optional<Range>& range) {
  range.reset();
  const uint8_t present = in.u8();
  if (present == 0) return true;
  Range read;
  read.lowest = in.f64();
  read.highest = in.f64();
  if (present != 1 || !is_plausible(read.lowest) || !is_plausible(read.highest) || read.lowest > read.highest) return false;
  range = read;
  return true;
}

void ConditionBins::save(ByteWriter& out) const {
  out.u32(epoch_begun_);
  save(out, current_);
  save(out, previous_);
}

bool ConditionBins::restore(ByteReader& in) {
  epoch_begun_ = in.u32();
  return restore(in, current_) && restore(in, previous_);
}

}  // namespace assay::agent
