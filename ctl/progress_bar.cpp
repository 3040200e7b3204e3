// SPDX-License-Identifier: Apache-2.0
#include "ctl/progress_bar.h"

#include <algorithm>

#include <fmt/format.h>

#include "ctl/text_width.h"

namespace assay::ctl {
namespace {

constexpr size_t kBarColumns = 20;
constexpr size_t kLineColumns = 79;   // of any terminal
constexpr std::chrono::milliseconds kRepaint{100};
constexpr char kClearLine[] = "\r\x1b[K";

}  // namespace

std::string progress_line(double share, Duration spent, std::string_view what) {
  const double part = std::clamp(share, 0.0, 1.0);
  const auto full = static_cast<size_t>(part * kBarColumns);
  std::string line = fmt::format("[{}{}] {:3.0f} %", std::string(full, '#'), std::string(kBarColumns - full, '.'), part * 100);
  constexpr double kTooSoonToTell = 0.02;
  if (part > kTooSoonToTell && part < 1) line += fmt::format("  about {:.0f} s left", to_seconds(spent) * (1 - part) / part);
  line += fmt::format("  {}", printable(what));
  return line.substr(0, kLineColumns);
}

ProgressBar::ProgressBar(Console& console, const Clock& clock, uint64_t steps)
    : console_(console), clock_(clock), steps_(std::max<uint64_t>(steps, 1)), start_(clock.now().mono) {}

ProgressBar::~ProgressBar() {
  if (console_.err_is_terminal() && painted_ != MonoTime{}) console_.err(kClearLine);
}

void ProgressBar::advance(std::string_view what) {
  ++done_;
  if (!console_.err_is_terminal()) return;
  const MonoTime now = clock_.now().mono;
  if (painted_ != MonoTime{} && now - painted_ < kRepaint) return;
  painted_ = now;
  console_.err(kClearLine + progress_line(static_cast<double>(done_) / static_cast<double>(steps_), now - start_, what));
}

}  // namespace assay::ctl
