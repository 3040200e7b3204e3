// SPDX-License-Identifier: Apache-2.0
#include "agent/core/counter_trend.h"

#include <cmath>

namespace assay::agent {
namespace {

constexpr int64_t kStepsOfWindow = 60;
constexpr uint8_t kDoesNotWrap = 64;

}  // namespace

CounterTrend::CounterTrend(uint8_t bits, Duration window) : range_(bits >= kDoesNotWrap ? 0 : std::exp2(bits)), window_(window) {}

double CounterTrend::add(double value, MonoTime at) {
  double grown = 0;
  if (known_ && value >= last_) grown = value - last_;
  if (known_ && value < last_) {
    const bool wrapped = range_ > 0 && last_ >= 0.75 * range_ && value < 0.25 * range_;
    grown = wrapped ? value + range_ - last_ : value;
    if (!wrapped) ++resets_;
  }
  if (marks_.empty() || at - marks_.back().at >= window_ / kStepsOfWindow) marks_.push_back({at, total_});
  known_ = true;
  last_ = value;
  total_ += grown;
  // One mark at or before the begin of the window stays: from it on the increase is counted.
  while (marks_.size() > 1 && at - marks_[1].at >= window_) marks_.pop_front();
  return grown;
}

double CounterTrend::increase() const { return marks_.empty() ? 0 : total_ - marks_.front().total; }

}  // namespace assay::agent
