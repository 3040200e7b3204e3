// SPDX-License-Identifier: Apache-2.0
#include "agent/config.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <utility>

#include <fmt/format.h>
#include <toml++/toml.h>

#include "common/base/file.h"
#include "common/base/parse.h"
#include "common/model/device.h"
#include "common/model/observation.h"
#include "common/model/probe_spec.h"
#include "probes/runner/protocol.h"

namespace assay::agent {
namespace {

// One table of the file. Each read names the key it knows; finish() refuses the rest. The first error stays.
class Section {
 public:
  Section(const toml::table* table, std::string file, std::string name) : table_(table), file_(std::move(file)), name_(std::move(name)) {}

  void text(std::string_view key, std::string& into) {
    if (const auto* value = typed<std::string>(key, "a string")) into = value->get();
  }

  // Absolute, or "" where `may_be_empty`.
  void path(std::string_view key, std::filesystem::path& into, bool may_be_empty = false) {
    const auto* value = typed<std::string>(key, "a string");
    if (value == nullptr) return;
    if (!value->get().starts_with('/') && !(may_be_empty && value->get().empty())) return fail(key, "must be an absolute path");
    into = value->get();
  }

  void flag(std::string_view key, bool& into) {
    if (const auto* value = typed<bool>(key, "true or false")) into = value->get();
  }

  template <typename T>
  void whole(std::string_view key, T& into, int64_t lowest, int64_t highest) {
    const auto* value = typed<int64_t>(key, "a whole number");
    if (value == nullptr) return;
    if (value->get() < lowest || value->get() > highest) return fail(key, fmt::format("must be between {} and {}", lowest, highest));
    into = static_cast<T>(value->get());
  }

  void ratio(std::string_view key, double& into, double highest, std::string_view why = "") {
    const toml::node* node = find(key);
    if (node == nullptr) return;
    const auto value = node->value<double>();
    if (!value || !node->is_number() || !(*value >= 0 && *value <= highest)) {
      return fail(key, fmt::format("must be a ratio between 0 and {}{}", highest, why));
    }
    into = *value;
  }

  // A number of `unit`s, whole or not.
  void span(std::string_view key, Duration& into, Duration shortest, Duration longest) {
    const toml::node* node = find(key);
    if (node == nullptr) return;
    const auto text = node->value_exact<std::string>();
    const auto value = parse_duration(text.value_or(""));
    if (!value.ok() || *value < shortest || *value > longest) {
      return fail(key, fmt::format("must be a duration between {} and {}, such as \"500ms\" or \"30s\"", format_span(shortest), format_span(longest)));
    }
    into = *value;
  }

  // 64 bits: a whole number, or a string as in "0x8000000000000000" for what TOML's numbers cannot hold.
  void bits(std::string_view key, uint64_t& into) {
    const toml::node* node = find(key);
    if (node == nullptr) return;
    if (const auto number = node->value_exact<int64_t>(); number && *number >= 0) {
      into = static_cast<uint64_t>(*number);
      return;
    }
    const auto hex = node->value_exact<std::string>();
    const auto bytes = hex && hex->starts_with("0x") && hex->size() == 18 ? hex_decode(std::string_view(*hex).substr(2)) : hex_decode("x");
    if (!bytes.ok()) return fail(key, "must be a number, or a string of 0x and 16 lower-case hexadecimal digits");
    into = 0;
    for (const char byte : *bytes) into = into << 8 | static_cast<unsigned char>(byte);
  }

  void texts(std::string_view key, std::vector<std::string>& into) {
    const toml::node* node = find(key);
    if (node == nullptr) return;
    const auto* list = node->as_array();
    if (list == nullptr) return fail(key, "must be a list of strings");
    into.clear();
    for (const toml::node& item : *list) {
      const auto value = item.value_exact<std::string>();
      if (!value || value->empty()) return fail(key, "must be a list of strings, none of them empty");
      into.push_back(*value);
    }
  }

  bool has(std::string_view key) const { return table_ != nullptr && table_->contains(key); }

  void fail(std::string_view key, std::string_view problem) {
    const toml::node* node = table_ == nullptr ? nullptr : table_->get(key);
    fail_at(node != nullptr ? node->source() : toml::source_region{}, fmt::format("[{}] {} {}", name_, key, problem));
  }

  Status finish() {
    if (table_ != nullptr) {
      for (const auto& [key, node] : *table_) {
        if (!known_.contains(std::string(key.str()))) fail_at(key.source(), fmt::format("[{}] {} is not a known key", name_, key.str()));
      }
    }
    if (error_) return *error_;
    return {};
  }

 private:
  const toml::node* find(std::string_view key) {
    known_.emplace(key);
    return table_ == nullptr ? nullptr : table_->get(key);
  }

  template <typename T>
  const toml::value<T>* typed(std::string_view key, std::string_view wanted) {
    const toml::node* node = find(key);
    if (node == nullptr) return nullptr;
    const auto* value = node->as<T>();
    if (value == nullptr) fail(key, fmt::format("must be {}", wanted));
    return value;
  }

  void fail_at(const toml::source_region& where, const std::string& problem) {
    if (!error_) error_ = make_error(ErrorCode::kInvalid, fmt::format("{}:{}: {}", file_, where.begin.line, problem));
  }

  const toml::table* table_;
  std::string file_;
  std::string name_;
  std::set<std::string> known_;
  std::optional<Error> error_;
};

constexpr std::array kLevels = {std::pair{std::string_view("error"), log::Level::kError}, std::pair{std::string_view("warning"), log::Level::kWarning},
                                std::pair{std::string_view("notice"), log::Level::kNotice}, std::pair{std::string_view("info"), log::Level::kInfo},
                                std::pair{std::string_view("debug"), log::Level::kDebug}};

Status read_agent(Section section, Config& config) {
  section.text("node", config.node);
  if (section.has("node") && !config.node.empty() && !is_valid_name(config.node)) {
    section.fail("node", "must be 1 to 128 characters of A-Z, a-z, 0-9, '.', '_', ':' and '-'");
  }
  section.path("state_dir", config.state_dir);
  section.path("socket", config.socket, true);
  section.flag("synthetic_identity", config.synthetic_identity);
  std::string level;
  section.text("log_level", level);
  if (!level.empty()) {
    bool known = false;
    for (const auto& [name, value] : kLevels) {
      if (level != name) continue;
      config.log_level = value;
      known = true;
    }
    if (!known) section.fail("log_level", "must be error, warning, notice, info or debug");
  }
  return section.finish();
}

Status read_collector(Section section, Config& config) {
  section.text("url", config.url);
  if (!config.url.empty() && !config.url.starts_with("https://")) section.fail("url", "must begin with https://");
  section.path("token_file", config.token_file, true);
  section.span("report_interval", config.report_interval, std::chrono::seconds{1}, std::chrono::hours{1});
  return section.finish();
}

Status read_devices(Section section, Config& config) {
  section.texts("backends", config.backends);
  constexpr size_t kBackends = 8;
  if (config.backends.empty() || config.backends.size() > kBackends) section.fail("backends", fmt::format("must name 1 to {} backends", kBackends));
  for (size_t i = 0; i < config.backends.size(); ++i) {
    const std::string& name = config.backends[i];
    if (name.empty() || !probes::is_valid_variant(name)) section.fail("backends", fmt::format("has '{}': 1 to 16 of a-z, 0-9 and '_'", name.substr(0, 64)));
    if (std::find(config.backends.begin(), config.backends.begin() + static_cast<std::ptrdiff_t>(i), name) != config.backends.begin() + static_cast<std::ptrdiff_t>(i)) {
      section.fail("backends", fmt::format("has '{}' twice", name.substr(0, 64)));
    }
  }
  section.span("deadline", config.discovery_deadline, std::chrono::seconds{1}, std::chrono::minutes{5});
  for (const char* key : {"include", "exclude"}) {
    std::vector<std::string>& ids = key == std::string_view("include") ? config.include : config.exclude;
    section.texts(key, ids);
    for (const std::string& id : ids) {
      if (!is_valid_name(id)) section.fail(key, fmt::format("has '{}', which is not a device id", id.substr(0, 64)));
    }
  }
  return section.finish();
}

Status read_probing(Section section, Config& config) {
  section.flag("demo", config.demo);
  section.ratio("budget_ratio", config.budget_ratio, config.budget_cap(),
                config.demo ? "" : "; more, up to 0.1, needs demo = true and is not for production");
  section.span("slice", config.slice, std::chrono::milliseconds{1}, std::chrono::seconds{10});
  section.whole("units_per_slice", config.units_per_slice, 0, limits::kUnitsPerDevice);
  section.whole("control_one_in", config.control_one_in, 0, 1'000'000);
  section.whole("power_steps_one_in", config.power_steps_one_in, 0, 1'000'000);
  section.path("goldens_dir", config.goldens_dir);
  section.texts("probes", config.probes);
  for (const std::string& probe : config.probes) {
    if (!is_valid_probe_id(probe)) section.fail("probes", fmt::format("has '{}', which is not a probe id", probe.substr(0, 64)));
  }
  section.ratio("load_gate_ratio", config.load_gate_ratio, 1);
  uint64_t reserve_mib = config.memory_reserve_bytes >> 20;
  section.whole("memory_reserve_mib", reserve_mib, 0, 1 << 20);
  config.memory_reserve_bytes = reserve_mib << 20;
  section.flag("paused", config.paused);
  return section.finish();
}

Status read_runner(Section section, Config& config) {
  section.path("program", config.runner_program, true);
  section.span("margin", config.runner_margin, std::chrono::milliseconds{200}, std::chrono::seconds{60});
  std::string priority = config.runner_idle_priority ? "idle" : "normal";
  section.text("priority", priority);
  if (priority != "idle" && priority != "normal") section.fail("priority", "must be idle or normal");
  config.runner_idle_priority = priority == "idle";
  return section.finish();
}

Status read_replay(Section section, ReplayConfig& replay) {
  section.text("id", replay.id);
  if (!is_valid_probe_id(replay.id) || !replay.id.starts_with(probes::kReplayPrefix)) {
    section.fail("id", "must begin with user. and be at most 64 characters of a-z, 0-9, '_' and '.'");
  }
  section.whole("version", replay.version, 1, 1'000'000'000);
  section.path("program", replay.program);
  if (replay.program.empty()) section.fail("program", "must be an absolute path");
  section.texts("arguments", replay.arguments);
  if (replay.arguments.size() > limits::kReplayArguments) section.fail("arguments", fmt::format("must be at most {}", limits::kReplayArguments));
  for (const std::string& argument : replay.arguments) {
    if (argument.size() > limits::kTextChars) section.fail("arguments", fmt::format("must be at most {} characters each", limits::kTextChars));
  }
  section.span("timeout", replay.timeout, std::chrono::milliseconds{10}, limits::kSliceBudgetMax);
  section.whole("operand_sets", replay.operand_sets, 1, limits::kOperandSetsPerProbe);
  uint64_t mib = replay.memory_bytes >> 20;
  section.whole("memory_mib", mib, 0, 1 << 20);
  replay.memory_bytes = mib << 20;
  section.whole("weight", replay.weight, 1, 16);
  return section.finish();
}

Status read_replays(const toml::table& root, const std::string& file, Config& config) {
  const toml::node* node = root.get("replay");
  if (node == nullptr) return {};
  const auto fail = [&](std::string_view what) { return make_error(ErrorCode::kInvalid, fmt::format("{}:{}: {}", file, node->source().begin.line, what)); };
  const auto* list = node->as_array();
  if (list == nullptr || !list->is_array_of_tables()) return fail("replay must be a list of tables, each begun with [[replay]]");
  if (list->size() > limits::kReplaysPerNode) return fail(fmt::format("more than {} replays", limits::kReplaysPerNode));
  std::set<std::string> ids;
  for (const toml::node& item : *list) {
    ReplayConfig replay;
    TRY(read_replay(Section(item.as_table(), file, "replay"), replay));
    if (!ids.insert(replay.id).second) return fail(fmt::format("the replay {} is there twice", replay.id));
    config.replays.push_back(std::move(replay));
  }
  return {};
}

Status read_drill(Section section, DrillOptions& drill) {
  section.flag("enabled", drill.enabled);
  section.text("device", drill.device);
  section.whole("unit", drill.unit, 0, limits::kUnitsPerDevice - 1);
  std::string shape(to_string(drill.shape));
  section.text("shape", shape);
  const auto parsed = parse_fault_shape(shape);
  if (!parsed.ok()) {
    section.fail("shape", parsed.error().message);
  } else {
    drill.shape = *parsed;
  }
  section.bits("mask", drill.mask);
  section.ratio("probability", drill.probability, 1);
  section.span("after", drill.after, Duration::zero(), std::chrono::hours{24 * 100});
  section.text("probe", drill.probe);
  if (!drill.probe.empty() && !is_valid_probe_id(drill.probe)) section.fail("probe", "must be a probe id, or empty for all");
  return section.finish();
}

Status read_nvml(Section section, Config& config) {
  section.flag("enabled", config.nvml_enabled);
  section.path("library", config.nvml_library, true);
  section.path("program", config.nvml_program, true);
  section.span("deadline", config.nvml_deadline, std::chrono::milliseconds{100}, std::chrono::minutes{2});
  return section.finish();
}

Status read_xid_rule(Section section, XidOverride& rule) {
  std::string kind(to_string(rule.kind));
  section.text("kind", kind);
  if (kind != "xid" && kind != "sxid") section.fail("kind", "must be xid or sxid");
  rule.kind = kind == "sxid" ? XidKind::kSxid : XidKind::kXid;
  if (!section.has("code") || !section.has("action")) section.fail("code", "and action must be given");
  section.whole("code", rule.code, 0, 999'999);
  std::string action(to_string(rule.action));
  section.text("action", action);
  if (const auto parsed = parse_xid_action(action); parsed.ok()) {
    rule.action = *parsed;
  } else {
    section.fail("action", parsed.error().message);
  }
  section.whole("count", rule.count, 1, XidTable::kCountMost);
  section.span("window", rule.window, std::chrono::seconds{1}, XidTable::kWindowMost);
  return section.finish();
}

Status read_xid_rules(const toml::table& root, const std::string& file, Config& config) {
  const toml::node* node = root.get("xid_rule");
  if (node == nullptr) return {};
  const auto fail = [&](std::string_view what) { return make_error(ErrorCode::kInvalid, fmt::format("{}:{}: {}", file, node->source().begin.line, what)); };
  const auto* list = node->as_array();
  if (list == nullptr || !list->is_array_of_tables()) return fail("xid_rule must be a list of tables, each begun with [[xid_rule]]");
  if (list->size() > limits::kXidRulesPerNode) return fail(fmt::format("more than {} rules", limits::kXidRulesPerNode));
  for (const toml::node& item : *list) {
    XidOverride rule;
    TRY(read_xid_rule(Section(item.as_table(), file, "xid_rule"), rule));
    const bool twice = std::ranges::any_of(config.xid_rules, [&](const XidOverride& other) { return other.kind == rule.kind && other.code == rule.code; });
    if (twice) return fail(fmt::format("the rule for {} {} is there twice", to_string(rule.kind), rule.code));
    config.xid_rules.push_back(rule);
  }
  return {};
}

Status read_metrics(Section section, Config& config) {
  section.flag("enabled", config.metrics_enabled);
  section.text("address", config.metrics_address);
  if (config.metrics_address.empty()) section.fail("address", "must be an IP address; loopback (127.0.0.1) unless others may read");
  section.whole("port", config.metrics_port, 0, 65535);
  return section.finish();
}

Status read_tables(const toml::table& root, std::string_view name, Config& config) {
  const std::string file(name);
  for (const auto& [key, node] : root) {
    constexpr std::array<std::string_view, 11> kTables = {"agent", "collector", "probing", "devices", "runner", "telemetry", "nvml", "xid", "metrics", "spool", "drill"};
    bool known = false;
    for (const std::string_view table : kTables) known = known || key.str() == table;
    if (key.str() == "replay" || key.str() == "xid_rule") continue;  // lists of tables, read_replays() and read_xid_rules()
    if (!known) return make_error(ErrorCode::kInvalid, fmt::format("{}:{}: {} is not a known table", file, key.source().begin.line, key.str()));
    if (!node.is_table()) return make_error(ErrorCode::kInvalid, fmt::format("{}:{}: {} must be a table", file, key.source().begin.line, key.str()));
  }
  const auto section = [&](const char* table) { return Section(root[table].as_table(), file, table); };
  TRY(read_agent(section("agent"), config));
  TRY(read_collector(section("collector"), config));
  TRY(read_probing(section("probing"), config));
  TRY(read_devices(section("devices"), config));
  TRY(read_runner(section("runner"), config));
  Section telemetry = section("telemetry");
  telemetry.span("interval", config.telemetry_interval, std::chrono::seconds{1}, std::chrono::hours{1});
  TRY(telemetry.finish());
  TRY(read_nvml(section("nvml"), config));
  Section xid = section("xid");
  xid.path("table", config.xid_table);
  xid.path("kernel_log", config.xid_kernel_log, true);
  TRY(xid.finish());
  TRY(read_xid_rules(root, file, config));
  TRY(read_metrics(section("metrics"), config));
  Section spool = section("spool");
  uint64_t mib = config.spool_bytes >> 20;
  spool.whole("max_mib", mib, 1, 1 << 16);
  config.spool_bytes = mib << 20;
  TRY(spool.finish());
  TRY(read_replays(root, file, config));
  return read_drill(section("drill"), config.drill);
}

}  // namespace

Result<Config> parse_config(std::string_view text, std::string_view name) {
  Config config;
  try {
    const toml::table root = toml::parse(text, std::string(name));
    if (auto done = read_tables(root, name, config); !done) return done.error();
  } catch (const toml::parse_error& problem) {
    return make_error(ErrorCode::kInvalid, fmt::format("{}:{}: {}", name, problem.source().begin.line, problem.description()));
  }
  return config;
}

Result<Config> load_config(const std::filesystem::path& path) {
  auto text = read_file(path, limits::kConfigBytes);
  if (!text.ok()) return text.error();
  return parse_config(*text, path.string());
}

Result<std::string> node_name(const Config& config) {
  if (!config.node.empty()) return config.node;
  std::array<char, 256> name{};
  if (::gethostname(name.data(), name.size() - 1) != 0 || !is_valid_name(name.data())) {
    return make_error(ErrorCode::kInvalid, "the host name cannot be a node name; set [agent] node");
  }
  return std::string(name.data());
}

std::vector<std::string> adopt(Config& running, const Config& fresh) {
  std::vector<std::string> restart;
  const auto fixed = [&](const char* key, const auto& old_value, const auto& new_value) {
    if (!(old_value == new_value)) restart.emplace_back(key);
  };
  fixed("agent.node", running.node, fresh.node);
  fixed("agent.state_dir", running.state_dir, fresh.state_dir);
  fixed("agent.socket", running.socket, fresh.socket);
  fixed("agent.synthetic_identity", running.synthetic_identity, fresh.synthetic_identity);
  fixed("collector.url", running.url, fresh.url);
  fixed("probing.goldens_dir", running.goldens_dir, fresh.goldens_dir);
  fixed("probing.probes", running.probes, fresh.probes);
  fixed("devices.backends", running.backends, fresh.backends);
  fixed("devices.include", running.include, fresh.include);
  fixed("devices.exclude", running.exclude, fresh.exclude);
  fixed("replay", running.replays, fresh.replays);
  fixed("runner.program", running.runner_program, fresh.runner_program);
  fixed("runner.priority", running.runner_idle_priority, fresh.runner_idle_priority);
  fixed("nvml.enabled", running.nvml_enabled, fresh.nvml_enabled);
  fixed("nvml.library", running.nvml_library, fresh.nvml_library);
  fixed("nvml.program", running.nvml_program, fresh.nvml_program);
  fixed("nvml.deadline", running.nvml_deadline, fresh.nvml_deadline);
  fixed("xid.table", running.xid_table, fresh.xid_table);
  fixed("xid.kernel_log", running.xid_kernel_log, fresh.xid_kernel_log);
  fixed("xid_rule", running.xid_rules, fresh.xid_rules);
  fixed("metrics.enabled", running.metrics_enabled, fresh.metrics_enabled);
  fixed("metrics.address", running.metrics_address, fresh.metrics_address);
  fixed("metrics.port", running.metrics_port, fresh.metrics_port);

  running.log_level = fresh.log_level;
  running.token_file = fresh.token_file;
  running.report_interval = fresh.report_interval;
  running.budget_ratio = fresh.budget_ratio;
  running.demo = fresh.demo;
  running.slice = fresh.slice;
  running.units_per_slice = fresh.units_per_slice;
  running.control_one_in = fresh.control_one_in;
  running.power_steps_one_in = fresh.power_steps_one_in;
  running.load_gate_ratio = fresh.load_gate_ratio;
  running.memory_reserve_bytes = fresh.memory_reserve_bytes;
  running.paused = fresh.paused;
  running.discovery_deadline = fresh.discovery_deadline;
  running.runner_margin = fresh.runner_margin;
  running.telemetry_interval = fresh.telemetry_interval;
  running.spool_bytes = fresh.spool_bytes;
  running.drill = fresh.drill;
  return restart;
}

}  // namespace assay::agent
