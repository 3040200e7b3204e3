// SPDX-License-Identifier: Apache-2.0
// One line an event on stderr, for journald: "<6>text key=value". Under a terminal the priority is a word instead.
// Shells log; cores never do. Secrets never go in: pass ids, not tokens or keys.
#pragma once

#include <string>
#include <string_view>

#include <fmt/format.h>

namespace assay::log {

enum class Level { kError = 3, kWarning = 4, kNotice = 5, kInfo = 6, kDebug = 7 };  // syslog numbers

// Nothing above `level` is written; the default is kInfo. Call before threads start.
void set_level(Level level);
bool enabled(Level level);
// Writes one line with one write call; control characters become '?'. Thread-safe.
void write(Level level, std::string_view text);

template <typename... Args>
void error(fmt::format_string<Args...> format, Args&&... args) {
  write(Level::kError, fmt::format(format, std::forward<Args>(args)...));
}
template <typename... Args>
void warning(fmt::format_string<Args...> format, Args&&... args) {
  write(Level::kWarning, fmt::format(format, std::forward<Args>(args)...));
}
template <typename... Args>
void notice(fmt::format_string<Args...> format, Args&&... args) {
  write(Level::kNotice, fmt::format(format, std::forward<Args>(args)...));
}
template <typename... Args>
void info(fmt::format_string<Args...> format, Args&&... args) {
  if (enabled(Level::kInfo)) write(Level::kInfo, fmt::format(format, std::forward<Args>(args)...));
}
template <typename... Args>
void debug(fmt::format_string<Args...> format, Args&&... args) {
  if (enabled(Level::kDebug)) write(Level::kDebug, fmt::format(format, std::forward<Args>(args)...));
}

}  // namespace assay::log
