// SPDX-License-Identifier: Apache-2.0
// The budget of one device as a token bucket of unit-seconds: a slice of t seconds on n units costs t * n. It refuses to
// overrun, and carries what a slice cost more than it was planned for over as a deficit.
#pragma once

#include "common/base/clock.h"

namespace assay::agent {

// Pure; the caller gives the time, which must not run backwards (an earlier one counts as no time). Not thread-safe.
class TokenBucket {
 public:
  struct Options {
    double rate = 0;        // unit-seconds gained per second, >= 0
    double capacity = 0;    // most that can be saved up, unit-seconds, > 0
    double level = 0;       // at the start; negative delays the first slice
  };
  TokenBucket(const Options& options, MonoTime now);

  // Whether a slice of this cost may start now. A cost above the capacity is affordable at a full bucket, so that one slice
  // always can be had in the end; what it overdraws is a deficit.
  bool affords(double cost, MonoTime now) const;
  // When affords() becomes true; MonoTime::max() when the rate is zero and it is not true now.
  MonoTime affords_at(double cost, MonoTime now) const;
  // Takes the planned cost of a slice that starts.
  void spend(double cost, MonoTime now);
  // The slice is over: gives back or takes the difference.
  void settle(double planned, double measured, MonoTime now);
  // Takes a cost that was not asked for (retests), leaving a deficit of at most `deficit_limit` from this charge.
  void charge(double cost, double deficit_limit, MonoTime now);
  // A new rate and capacity from now on; what is saved is kept up to the new capacity.
  void reconfigure(double rate, double capacity, MonoTime now);

  double level(MonoTime now) const;
  double rate() const { return rate_; }
  double capacity() const { return capacity_; }

 private:
  void advance(MonoTime now);
  double rate_;
  double capacity_;
  double level_;
  MonoTime at_;
};

}  // namespace assay::agent
