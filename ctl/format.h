// SPDX-License-Identifier: Apache-2.0
// Numbers, times and states as people read them. Independent of the locale.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "common/base/clock.h"
#include "ctl/table.h"

namespace assay::ctl {

// How a page is laid out; the shell fills it in, renderers only read it.
struct View {
  size_t width_columns = 0;     // 0: not a terminal, lines are as long as they need to be
  bool color = false;
  WallTime now;
};

inline constexpr char kAbsent[] = "-";   // in a cell: this machine or collector does not tell

std::string grouped(uint64_t number);                          // "1,234,567"
std::string span_of_seconds(std::optional<double> seconds);    // "3.2 min", kAbsent
std::string celsius(std::optional<double> value);              // "61.5 °C"
std::string watts(std::optional<double> value);                // "212 W"
std::string hertz(std::optional<double> value);                // "3.20 GHz"
// What is known of the three, in one line: "61.5 °C, 3.20 GHz"; "this machine tells none" when it is nothing.
std::string conditions(std::optional<double> celsius_value, std::optional<double> watts_value, std::optional<double> hertz_value);
std::string percent(double ratio);                             // "0.098 %": three significant digits
std::string bytes(uint64_t count);                             // "96.0 MiB"
std::string utc(std::optional<int64_t> unix_ms);               // "2026-11-20 08:53:58Z"
std::string ago(std::optional<int64_t> unix_ms, WallTime now); // "3.2 min ago"; "in 4.0 h" for the future
std::string plural(uint64_t count, std::string_view noun);     // "1 run", "2 runs"

// The tone a device state, outcome, verdict or hook status is shown in.
Tone tone_of_state(std::string_view state);
Tone tone_of_outcome(std::string_view outcome);
Tone tone_of_hook(std::string_view status);
// "in_service" -> "in service".
std::string words(std::string_view name);

}  // namespace assay::ctl
