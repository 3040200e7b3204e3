// SPDX-License-Identifier: Apache-2.0
#include "agent/core/cost_window.h"

#include <algorithm>

namespace assay::agent {

int64_t CostWindow::minute(MonoTime now) const {
  return std::max<int64_t>(0, std::chrono::floor<std::chrono::minutes>(now - start_).count());
}

void CostWindow::add(double unit_seconds, MonoTime now) {
  const int64_t current = minute(now);
  const auto bin = static_cast<size_t>(current % kBins);
  if (minute_of_[bin] != current) {
    minute_of_[bin] = current;
    spent_[bin] = 0;
  }
  spent_[bin] += unit_seconds;
  total_ += unit_seconds;
}

double CostWindow::ratio(double units, MonoTime now) const {
  const int64_t current = minute(now);
  const int64_t oldest = std::max<int64_t>(0, current - kBins + 1);
  double spent = 0;
  for (size_t bin = 0; bin < spent_.size(); ++bin) {
    if (minute_of_[bin] >= oldest && minute_of_[bin] <= current) spent += spent_[bin];
  }
  const double elapsed = to_seconds(now - start_) - 60.0 * static_cast<double>(oldest);
  return elapsed > 0 && units > 0 ? spent / (elapsed * units) : 0;
}

}  // namespace assay::agent
