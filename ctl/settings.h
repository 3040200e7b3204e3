// SPDX-License-Identifier: Apache-2.0
// Where the collector, the agent and the runner are, and with what identity to speak: from flags, environment and one config file, in that
// order of weight. docs/reference/cli.md, "Settings".
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "common/base/clock.h"
#include "common/base/result.h"

namespace assay::ctl {

using Environment = std::map<std::string, std::string>;

// What was said on the command line; "" where nothing was.
struct Flags {
  std::string config;
  std::string collector;
  std::string token_file;
  std::string ca;
  std::string certificate;
  std::string key;
  std::string agent_socket;
  std::string runner;
  std::string goldens;
  std::string timeout;
  bool json = false;
  bool no_color = false;
};

struct Settings {
  std::string collector_url = "https://127.0.0.1:9480";
  std::string token;                        // the secret itself; never printed
  std::string ca_file;
  std::string certificate_file;
  std::string key_file;
  std::filesystem::path agent_socket = "/run/assay/agent.sock";
  std::filesystem::path runner;             // "" : beside assayctl
  std::filesystem::path goldens;            // "" : see find_goldens()
  Duration timeout{std::chrono::seconds{15}};
  bool json = false;
  bool color_allowed = true;

  // Whether there is anything to show a collector.
  bool has_identity() const { return !token.empty() || !certificate_file.empty(); }
};

// What a config file said. Keys: collector, token_file, ca, cert, key, agent_socket, runner, goldens, timeout.
struct ConfigFile {
  std::map<std::string, std::string> values;
};
// kInvalid naming line and key for wrong TOML, an unknown key or a value of the wrong type. `name` is for the message.
Result<ConfigFile> parse_config(std::string_view toml, std::string_view name);

// Reads the config file (the one named, or the first that exists of ~/.config/assay/assayctl.toml and /etc/assay/assayctl.toml) and the token
// file, and merges. Every error here ends the program with ExitCode::kConfig.
Result<Settings> load_settings(const Flags& flags, const Environment& environment);

// Seconds ("60", "1.5") or a duration with a unit ("250ms", "5min"); more than nothing.
Result<Duration> parse_patience(std::string_view text);

}  // namespace assay::ctl
