// SPDX-License-Identifier: Apache-2.0
#include "common/model/rates.h"

#include <algorithm>
#include <cmath>

#include "common/base/check.h"

namespace assay {
namespace {

constexpr double kZ95 = 1.959963984540054;  // two-sided 95 % of the normal distribution

// ln(n over k). lgamma() of the C library writes a global; lgamma_r is POSIX and does not.
double log_choose(uint64_t n, uint64_t k) {
  const auto log_factorial = [](uint64_t value) {
    int sign = 0;
    return ::lgamma_r(static_cast<double>(value) + 1, &sign);
  };
  return log_factorial(n) - log_factorial(k) - log_factorial(n - k);
}

}  // namespace

RateInterval wilson_interval(const Counts& counts) {
  ASSAY_CHECK(counts.hits <= counts.trials);
  if (counts.trials == 0) return {};
  const auto n = static_cast<double>(counts.trials);
  const double rate = static_cast<double>(counts.hits) / n;
  const double shrink = 1 + kZ95 * kZ95 / n;
  const double center = (rate + kZ95 * kZ95 / (2 * n)) / shrink;
  const double half = kZ95 / shrink * std::sqrt(rate * (1 - rate) / n + kZ95 * kZ95 / (4 * n * n));
  // At the ends the formula gives 0 and 1 but for rounding.
  return {counts.hits == 0 ? 0 : std::max(0.0, center - half), counts.hits == counts.trials ? 1 : std::min(1.0, center + half)};
}

double fisher_exact(const Counts& suspect, const Counts& others) {
  ASSAY_CHECK(suspect.hits <= suspect.trials && others.hits <= others.trials);
  if (suspect.trials == 0 || others.trials == 0) return 1;
  const uint64_t hits = suspect.hits + others.hits;
  const uint64_t trials = suspect.trials + others.trials;
  const double all = log_choose(trials, hits);
  double sum = 0;
  for (uint64_t k = suspect.hits; k <= std::min(hits, suspect.trials); ++k) {
    if (hits - k > others.trials) continue;
    sum += std::exp(log_choose(suspect.trials, k) + log_choose(others.trials, hits - k) - all);
  }
  return std::min(sum, 1.0);
}

}  // namespace assay
