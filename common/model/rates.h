// SPDX-License-Identifier: Apache-2.0
// What counts say about rates: an interval for one, and how likely a difference between two is by chance. Pure.
#pragma once

#include <cstdint>

namespace assay {

// So many of so many: hits <= trials.
struct Counts {
  uint64_t hits = 0;
  uint64_t trials = 0;
  friend bool operator==(const Counts&, const Counts&) = default;
};

// Where a rate lies, 0..1.
struct RateInterval {
  double low = 0;
  double high = 1;
};

// The 95 % interval of Wilson (J. Am. Stat. Assoc. 22, 1927, 209-212), which stays honest at 0 and at all: 20 of 20 gives 0.839 to 1.
// Without a trial nothing is known: 0 to 1.
RateInterval wilson_interval(const Counts& counts);

// The one-sided exact test of Fisher ("The Design of Experiments", 1935, section 11): how likely `suspect` has at least as many of all hits as it has,
// if both have the same rate. Small: the suspect is different. 1 when either was never tried. Exact up to rounding; time is that of the smaller of
// the hits and the suspect's trials. Trials beyond 2^32 are not meant.
double fisher_exact(const Counts& suspect, const Counts& others);

}  // namespace assay
