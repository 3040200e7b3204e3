// SPDX-License-Identifier: Apache-2.0
#include "agent/core/token_bucket.h"

#include <algorithm>
#include <cmath>

#include "common/base/check.h"

namespace assay::agent {

TokenBucket::TokenBucket(const Options& options, MonoTime now)
    : rate_(options.rate), capacity_(options.capacity), level_(std::min(options.level, options.capacity)), at_(now) {
  ASSAY_CHECK(rate_ >= 0 && capacity_ > 0);
}

double TokenBucket::level(MonoTime now) const {
  if (now <= at_) return level_;
  return std::min(capacity_, level_ + rate_ * to_seconds(now - at_));
}

void TokenBucket::advance(MonoTime now) {
  level_ = level(now);
  at_ = std::max(at_, now);
}

bool TokenBucket::affords(double cost, MonoTime now) const { return level(now) >= std::min(cost, capacity_); }

MonoTime TokenBucket::affords_at(double cost, MonoTime now) const {
  const double missing = std::min(cost, capacity_) - level(now);
  if (missing <= 0) return now;
  constexpr double kForeverSeconds = 1e8;  // three years: beyond it the nanoseconds would overflow, and nobody waits
  if (rate_ <= 0 || missing / rate_ > kForeverSeconds) return MonoTime::max();
  return now + Duration(static_cast<Duration::rep>(std::ceil(missing / rate_ * 1e9)) + 1);
}

void TokenBucket::spend(double cost, MonoTime now) {
  advance(now);
  level_ -= cost;
}

void TokenBucket::settle(double planned, double measured, MonoTime now) {
  advance(now);
  level_ = std::min(capacity_, level_ + planned - measured);
}

void TokenBucket::charge(double cost, double deficit_limit, MonoTime now) {
  advance(now);
  level_ = std::max(level_ - cost, std::min(level_, -deficit_limit));
}

void TokenBucket::reconfigure(double rate, double capacity, MonoTime now) {
  ASSAY_CHECK(rate >= 0 && capacity > 0);
  advance(now);
  rate_ = rate;
  capacity_ = capacity;
  level_ = std::min(level_, capacity);
}

}  // namespace assay::agent
