// SPDX-License-Identifier: Apache-2.0
// How far long work has come, on standard error when that is a terminal, and nothing otherwise.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "common/base/clock.h"
#include "ctl/console.h"

namespace assay::ctl {

// "[########............]  40 %  about 12 s left  WHAT". 0..1 of the whole.
std::string progress_line(double share, Duration spent, std::string_view what);

// Repaints one line, at most ten times a second; the destructor clears it. One thread.
class ProgressBar {
 public:
  ProgressBar(Console& console, const Clock& clock, uint64_t steps);
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;
  ~ProgressBar();
  // One more step is done; `what` is about to be done.
  void advance(std::string_view what);

 private:
  Console& console_;
  const Clock& clock_;
  const uint64_t steps_;
  const MonoTime start_;
  uint64_t done_ = 0;
  MonoTime painted_{};
};

}  // namespace assay::ctl
