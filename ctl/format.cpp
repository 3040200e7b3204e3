// SPDX-License-Identifier: Apache-2.0
#include "ctl/format.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

namespace assay::ctl {

std::string grouped(uint64_t number) {
  std::string digits = fmt::format("{}", number);
  for (size_t at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, ",");
  return digits;
}

std::string span_of_seconds(std::optional<double> seconds) {
  if (!seconds || *seconds < 0 || *seconds > 9e9) return kAbsent;
  return format_span(Duration{static_cast<int64_t>(*seconds * 1e9)});
}

std::string celsius(std::optional<double> value) { return value ? fmt::format("{:.1f} °C", *value) : kAbsent; }
std::string watts(std::optional<double> value) { return value ? fmt::format("{:.0f} W", *value) : kAbsent; }

std::string hertz(std::optional<double> value) {
  if (!value) return kAbsent;
  if (*value >= 1e9) return fmt::format("{:.2f} GHz", *value / 1e9);
  return fmt::format("{:.0f} MHz", *value / 1e6);
}

std::string conditions(std::optional<double> celsius_value, std::optional<double> watts_value, std::optional<double> hertz_value) {
  std::string line;
  for (const std::string& part : {celsius(celsius_value), watts(watts_value), hertz(hertz_value)}) {
    if (part != kAbsent) line += (line.empty() ? "" : ", ") + part;
  }
  return line.empty() ? "this machine tells none" : line;
}

std::string percent(double ratio) {
  if (ratio == 0) return "0 %";
  return fmt::format("{:.3g} %", ratio * 100);
}

std::string bytes(uint64_t count) {
  constexpr std::array<std::string_view, 5> kUnits = {"B", "KiB", "MiB", "GiB", "TiB"};
  double value = static_cast<double>(count);
  size_t unit = 0;
  while (value >= 1024 && unit + 1 < kUnits.size()) {
    value /= 1024;
    ++unit;
  }
  return unit == 0 ? fmt::format("{} B", count) : fmt::format("{:.1f} {}", value, kUnits[unit]);
}

std::string utc(std::optional<int64_t> unix_ms) {
  // Years 1970 to 9999: what lies outside is not a time anybody meant.
  if (!unix_ms || *unix_ms < 0 || *unix_ms > 253'402'300'799'000) return kAbsent;
  const auto day_ms = std::chrono::milliseconds{*unix_ms};
  const auto day = std::chrono::floor<std::chrono::days>(std::chrono::sys_time<std::chrono::milliseconds>(day_ms));
  const std::chrono::year_month_day date{day};
  const auto seconds = (*unix_ms / 1000) % 86400;
  return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:{:02}Z", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                     static_cast<unsigned>(date.day()), seconds / 3600, seconds / 60 % 60, seconds % 60);
}

std::string ago(std::optional<int64_t> unix_ms, WallTime now) {
  if (!unix_ms) return kAbsent;
  const double seconds = static_cast<double>(to_unix_ms(now) - *unix_ms) / 1e3;
  if (std::abs(seconds) < 1) return "now";
  const std::string span = span_of_seconds(std::abs(seconds));
  if (span == kAbsent) return kAbsent;
  return seconds > 0 ? span + " ago" : "in " + span;
}

std::string plural(uint64_t count, std::string_view noun) {
  return fmt::format("{} {}{}", grouped(count), noun, count == 1 ? "" : "s");
}

Tone tone_of_state(std::string_view state) {
  if (state == "in_service") return Tone::kGood;
  if (state == "suspect" || state == "confirming" || state == "probation") return Tone::kWarning;
  if (state == "quarantined") return Tone::kBad;
  return Tone::kDim;
}

Tone tone_of_outcome(std::string_view outcome) {
  if (outcome == "match") return Tone::kGood;
  return outcome == "mismatch" ? Tone::kBad : Tone::kWarning;
}

Tone tone_of_hook(std::string_view status) {
  if (status == "done") return Tone::kGood;
  if (status == "failed") return Tone::kBad;
  return status == "pending" ? Tone::kWarning : Tone::kDim;
}

std::string words(std::string_view name) {
  std::string out(name);
  std::replace(out.begin(), out.end(), '_', ' ');
  return out;
}

}  // namespace assay::ctl
