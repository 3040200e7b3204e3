// SPDX-License-Identifier: Apache-2.0
#include "ctl/settings.h"

#include <vector>

#include <fmt/format.h>

#include "common/base/file.h"
#include "common/base/parse.h"
#include "common/model/limits.h"

namespace assay::ctl {
namespace {

std::string variable(const Environment& environment, const std::string& name) {
  const auto found = environment.find(name);
  return found == environment.end() ? "" : found->second;
}

Result<ConfigFile> read_config(const std::filesystem::path& path) {
  const auto text = read_file(path, limits::kConfigBytes);
  if (!text) return text.error().in("config file");
  return parse_config(*text, path.string());
}

// The config file to use: the one named must exist, the usual ones may be missing.
Result<ConfigFile> find_config(const Flags& flags, const Environment& environment) {
  if (!flags.config.empty()) return read_config(flags.config);
  std::vector<std::filesystem::path> usual;
  const std::string xdg = variable(environment, "XDG_CONFIG_HOME");
  const std::string home = variable(environment, "HOME");
  if (!xdg.empty()) {
    usual.emplace_back(xdg + "/assay/assayctl.toml");
  } else if (!home.empty()) {
    usual.emplace_back(home + "/.config/assay/assayctl.toml");
  }
  usual.emplace_back("/etc/assay/assayctl.toml");
  for (const auto& path : usual) {
    std::error_code ignored;
    if (std::filesystem::exists(path, ignored)) return read_config(path);
  }
  return ConfigFile{};
}

Result<std::string> read_token(const std::filesystem::path& path) {
  const auto text = read_file(path, limits::kTextChars);
  if (!text) return text.error().in("token file");
  const std::string token(trim(*text));
  if (token.empty()) return make_error(ErrorCode::kInvalid, fmt::format("token file {} is empty", path.string()));
  return token;
}

}  // namespace

Result<Duration> parse_patience(std::string_view text) {
  const auto seconds = parse_f64(text);
  const Duration length = seconds ? TRY(parse_duration(fmt::format("{}s", text))) : TRY(parse_duration(text));
  if (length <= Duration::zero()) return make_error(ErrorCode::kInvalid, fmt::format("'{}' is not a time to wait: it must be more than 0", text));
  return length;
}

Result<Settings> load_settings(const Flags& flags, const Environment& environment) {
  const ConfigFile config = TRY(find_config(flags, environment));
  const auto choose = [&](const std::string& flag, const char* name, const char* key, const std::string& otherwise) {
    if (!flag.empty()) return flag;
    std::string from_environment = *name == '\0' ? "" : variable(environment, name);
    if (!from_environment.empty()) return from_environment;
    const auto found = config.values.find(key);
    return found == config.values.end() ? otherwise : found->second;
  };
  Settings settings;
  settings.collector_url = choose(flags.collector, "ASSAY_COLLECTOR", "collector", settings.collector_url);
  settings.ca_file = choose(flags.ca, "ASSAY_CA", "ca", "");
  settings.certificate_file = choose(flags.certificate, "ASSAY_CERT", "cert", "");
  settings.key_file = choose(flags.key, "ASSAY_KEY", "key", "");
  settings.agent_socket = choose(flags.agent_socket, "ASSAY_AGENT_SOCKET", "agent_socket", settings.agent_socket.string());
  settings.runner = choose(flags.runner, "ASSAY_RUNNER", "runner", "");
  settings.goldens = choose(flags.goldens, "ASSAY_GOLDENS", "goldens", "");
  const std::string timeout = choose(flags.timeout, "ASSAY_TIMEOUT", "timeout", "");
  if (!timeout.empty()) {
    const auto length = parse_patience(timeout);
    if (!length) return length.error().in("timeout");
    settings.timeout = *length;
  }
  if (settings.certificate_file.empty() != settings.key_file.empty()) {
    return make_error(ErrorCode::kInvalid, "a client certificate needs both --cert and --key");
  }
  // A token in the environment weighs more than a file named in the config, less than a file named on the command line.
  const std::string direct = variable(environment, "ASSAY_TOKEN");
  if (flags.token_file.empty() && !direct.empty()) {
    settings.token = std::string(trim(direct));
  } else {
    const std::string file = choose(flags.token_file, "ASSAY_TOKEN_FILE", "token_file", "");
    if (!file.empty()) settings.token = TRY(read_token(file));
  }
  settings.json = flags.json;
  settings.color_allowed = !flags.no_color && variable(environment, "NO_COLOR").empty();
  return settings;
}

}  // namespace assay::ctl
