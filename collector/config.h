// SPDX-License-Identifier: Apache-2.0
// The collector's configuration: a TOML file (docs/reference/collector-config.md) checked whole before anything starts.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "collector/core/policy_options.h"
#include "collector/hooks/hook_task.h"
#include "collector/store/rows.h"
#include "common/base/clock.h"
#include "common/base/log.h"
#include "common/base/result.h"
#include "common/model/device_state.h"
#include "common/model/limits.h"

namespace assay::collector {

struct Config {
  // [collector]
  std::string address = "127.0.0.1";
  uint16_t port = 9480;                                    // 0: the system chooses; printed in the log
  std::vector<std::string> hosts{"localhost", "127.0.0.1"};   // names and addresses in the server's certificate
  std::filesystem::path state_dir = "/var/lib/assay-collector";
  std::filesystem::path goldens_dir = "/usr/share/assay/goldens";
  int threads = 2;                                         // of the network
  log::Level log_level = log::Level::kInfo;

  PolicyOptions policy;        // [policy]; its hook flags follow from [hooks]
  HookSettings hooks;
  Retention retention;         // [retention]

  // [enrol]
  Duration certificate_lifetime{std::chrono::hours{7 * 24}};
};

// Parses and checks. Errors are kInvalid and begin "NAME:LINE: ", naming the key, what is wrong and what is allowed; a key
// that is not known is an error.
Result<Config> parse_config(std::string_view text, std::string_view name);
// The same of a file: kNotFound, kPermission or kLimit (limits::kConfigBytes) when it cannot be read.
Result<Config> load_config(const std::filesystem::path& path);

}  // namespace assay::collector
