// SPDX-License-Identifier: Apache-2.0
// The agent's configuration: a TOML file (docs/reference/agent-config.md) checked whole before anything starts or changes.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "agent/core/drill.h"
#include "agent/core/xid_table.h"
#include "common/base/clock.h"
#include "common/base/log.h"
#include "common/base/result.h"
#include "common/model/limits.h"

namespace assay::agent {

// One [[replay]]: a computation of the site's own (docs/probes/user-replays.md).
struct ReplayConfig {
  std::string id;                                                // "user.<name>"
  uint32_t version = 1;
  std::filesystem::path program;
  std::vector<std::string> arguments;
  Duration timeout{std::chrono::seconds{2}};
  uint32_t operand_sets = 16;
  uint64_t memory_bytes = 64ULL << 20;
  uint32_t weight = 1;
  friend bool operator==(const ReplayConfig&, const ReplayConfig&) = default;
};

struct Config {
  // [agent]
  std::string node;                                              // "": the host name, see node_name()
  std::filesystem::path state_dir = "/var/lib/assay/agent";
  std::filesystem::path socket = "/run/assay/agent.sock";        // "": no local socket
  log::Level log_level = log::Level::kInfo;
  bool synthetic_identity = false;                               // several agents on one machine

  // [collector]
  std::string url;                                               // "https://host:port"; "": none, reports stay in the spool
  std::filesystem::path token_file;                              // "": no enrolment
  Duration report_interval{std::chrono::seconds{15}};

  // [probing]
  double budget_ratio = limits::kBudgetRatioDefault;
  bool demo = false;
  Duration slice{limits::kSliceDefault};
  uint32_t units_per_slice = 0;                                  // 0: a sixteenth of the units
  uint32_t control_one_in = 500;                                 // 0: no controls
  uint32_t power_steps_one_in = 20;                              // 0: no power steps
  std::filesystem::path goldens_dir = "/usr/share/assay/goldens";
  std::vector<std::string> probes;                               // ids; empty: the whole catalogue
  double load_gate_ratio = 0;                                    // 0: no gate
  uint64_t memory_reserve_bytes = 256ULL << 20;
  bool paused = false;

  // [devices]
  std::vector<std::string> backends{"host", "cuda"};             // who finds devices, in this order
  std::vector<std::string> include;                              // ids, see DeviceRules
  std::vector<std::string> exclude;
  Duration discovery_deadline{std::chrono::seconds{20}};         // of a backend that is asked for its devices

  // [runner]
  std::filesystem::path runner_program;                          // "": assay-probe-runner beside the agent
  Duration runner_margin{std::chrono::seconds{5}};               // over a slice's budget, then it is a hang
  bool runner_idle_priority = true;

  // [telemetry]
  Duration telemetry_interval{std::chrono::seconds{10}};

  // [nvml]
  bool nvml_enabled = true;
  std::filesystem::path nvml_library;                            // "": the system's, if an NVIDIA driver is loaded
  std::filesystem::path nvml_program;                            // "": assay-nvml-reader beside the agent
  Duration nvml_deadline{std::chrono::seconds{10}};              // of one driver call

  // [xid] and [[xid_rule]]
  std::filesystem::path xid_table = "/usr/share/assay/xid.tsv";
  std::filesystem::path xid_kernel_log = "/dev/kmsg";            // "": not read
  std::vector<XidOverride> xid_rules;

  // [metrics]
  bool metrics_enabled = true;
  std::string metrics_address = "127.0.0.1";
  uint16_t metrics_port = 9481;                                  // 0: the system chooses; printed in the log

  // [spool]
  uint64_t spool_bytes = 64ULL << 20;

  // [[replay]]
  std::vector<ReplayConfig> replays;

  // [drill]
  DrillOptions drill;

  double budget_cap() const { return demo ? limits::kBudgetRatioDemoCap : limits::kBudgetRatioCap; }
};

// Parses and checks. Errors are kInvalid and begin "NAME:LINE: ", naming the key, what is wrong and what is allowed; a key that is not known
// is an error.
Result<Config> parse_config(std::string_view text, std::string_view name);
// The same of a file: kNotFound, kPermission or kLimit (limits::kConfigBytes) when it cannot be read.
Result<Config> load_config(const std::filesystem::path& path);

// The configured node name, or the host's; kInvalid when that is not a valid name.
Result<std::string> node_name(const Config& config);

// Takes from `fresh` what can change while the agent runs (log level, probing, drill switches, intervals) and names the keys that differ and
// need a restart.
std::vector<std::string> adopt(Config& running, const Config& fresh);

}  // namespace assay::agent
