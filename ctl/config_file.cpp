// SPDX-License-Identifier: Apache-2.0
// The only place that speaks TOML: its exceptions end here.
#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <toml++/toml.h>

#include "ctl/settings.h"

namespace assay::ctl {
namespace {

constexpr std::array<std::string_view, 9> kKeys = {"agent_socket", "ca",     "cert",       "collector", "goldens",
                                                   "key",          "runner", "timeout",    "token_file"};

}  // namespace

Result<ConfigFile> parse_config(std::string_view text, std::string_view name) {
  toml::table table;
  try {
    table = toml::parse(text);
  } catch (const toml::parse_error& problem) {
    return make_error(ErrorCode::kInvalid, fmt::format("{}:{}: {}", name, problem.source().begin.line, problem.description()));
  }
  ConfigFile file;
  for (const auto& [key, value] : table) {
    const auto line = key.source().begin.line;
    if (std::find(kKeys.begin(), kKeys.end(), key.str()) == kKeys.end()) {
      return make_error(ErrorCode::kInvalid,
                        fmt::format("{}:{}: unknown key '{}'; known are {}", name, line, key.str(), fmt::join(kKeys, ", ")));
    }
    const auto* string = value.as_string();
    if (string == nullptr || string->get().empty()) {
      return make_error(ErrorCode::kInvalid, fmt::format("{}:{}: '{}' must be a text in quotes, and not empty", name, line, key.str()));
    }
    file.values[std::string(key.str())] = string->get();
  }
  return file;
}

}  // namespace assay::ctl
