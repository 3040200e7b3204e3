// SPDX-License-Identifier: Apache-2.0
#include "collector/config.h"

#include <algorithm>
#include <functional>
#include <optional>
#include <set>
#include <utility>

#include <fmt/format.h>
#include <toml++/toml.h>

#include "common/base/file.h"
#include "common/base/parse.h"
#include "common/model/probe_spec.h"

namespace assay::collector {
namespace {

constexpr Duration kDay = std::chrono::hours{24};

// One table of the file. Each read names the key it knows; finish() refuses the rest. The first error stays.
class Section {
 public:
  Section(const toml::table* table, std::string file, std::string name)
      : table_(table), file_(std::move(file)), name_(std::move(name)) {}

  void text(std::string_view key, std::string& into) {
    if (const auto* value = typed<std::string>(key, "a string")) into = value->get();
  }

  void path(std::string_view key, std::filesystem::path& into) {
    std::string value;
    text(key, value);
    if (value.empty()) return;
    if (!value.starts_with('/')) return fail(key, "must be an absolute path");
    into = value;
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

  void ratio(std::string_view key, double& into) {
    const toml::node* node = find(key);
    if (node == nullptr) return;
    const auto value = node->value<double>();
    if (!value || !(*value >= 0 && *value <= 1)) return fail(key, "must be a ratio between 0 and 1");
    into = *value;
  }

  void span(std::string_view key, Duration& into, Duration shortest, Duration longest) {
    const auto* value = typed<std::string>(key, "a duration such as \"30s\" or \"24h\"");
    if (value == nullptr) return;
    const auto parsed = parse_duration(value->get());
    if (!parsed.ok()) return fail(key, "must be a duration such as \"30s\" or \"24h\"");
    if (*parsed < shortest || *parsed > longest) {
      return fail(key, fmt::format("must be between {} and {}", format_span(shortest), format_span(longest)));
    }
    into = *parsed;
  }

  void texts(std::string_view key, std::vector<std::string>& into) {
    const auto* list = typed_node<toml::array>(key, "a list of strings");
    if (list == nullptr) return;
    into.clear();
    for (const toml::node& item : *list) {
      const auto value = item.value_exact<std::string>();
      if (!value || value->empty()) return fail(key, "must be a list of strings, none of them empty");
      into.push_back(*value);
    }
  }

  // A word turned into a T by `parse`.
  template <typename T>
  void word(std::string_view key, T& into, const std::function<Result<T>(std::string_view)>& parse, std::string_view allowed) {
    const auto* value = typed<std::string>(key, "a string");
    if (value == nullptr) return;
    const auto parsed = parse(value->get());
    if (!parsed.ok()) return fail(key, fmt::format("is \"{}\"; use {}", value->get(), allowed));
    into = *parsed;
  }

  // Every entry of a sub-table, in the order of the file's keys.
  void each(std::string_view key, const std::function<std::optional<std::string>(std::string_view, const toml::node&)>& visit) {
    const auto* inner = typed_node<toml::table>(key, "a table");
    if (inner == nullptr) return;
    for (const auto& [name, node] : *inner) {
      if (auto problem = visit(name.str(), node)) {
        return fail_at(node.source(), fmt::format("[{}.{}] {} {}", name_, key, name.str(), *problem));
      }
    }
  }

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
  const T* typed_node(std::string_view key, std::string_view wanted) {
    const toml::node* node = find(key);
    if (node == nullptr) return nullptr;
    const T* value = node->as<T>();
    if (value == nullptr) fail(key, fmt::format("must be {}", wanted));
    return value;
  }

  template <typename T>
  const toml::value<T>* typed(std::string_view key, std::string_view wanted) {
    return typed_node<toml::value<T>>(key, wanted);
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

Result<log::Level> parse_level(std::string_view text) {
  for (const auto& [name, level] : {std::pair{"error", log::Level::kError}, {"warning", log::Level::kWarning}, {"notice", log::Level::kNotice},
                                    {"info", log::Level::kInfo}, {"debug", log::Level::kDebug}}) {
    if (text == name) return level;
  }
  return make_error(ErrorCode::kInvalid, "unknown log level");
}

Status read_collector(Section section, Config& config) {
  section.text("listen", config.address);
  section.whole("port", config.port, 0, 65535);
  section.texts("hosts", config.hosts);
  section.path("state_dir", config.state_dir);
  section.path("goldens_dir", config.goldens_dir);
  section.whole("threads", config.threads, 1, 64);
  section.word<log::Level>("log_level", config.log_level, parse_level, "error, warning, notice, info or debug");
  if (config.hosts.empty()) section.fail("hosts", "needs at least one name or address that agents connect to");
  return section.finish();
}

Status read_policy(Section section, PolicyOptions& policy) {
  constexpr std::string_view kModes = "observe, advise or enforce";
  section.word<PolicyMode>("mode", policy.mode, parse_policy_mode, kModes);
  section.each("probe_modes", [&](std::string_view probe, const toml::node& node) -> std::optional<std::string> {
    if (!is_valid_probe_id(probe)) return "is not a probe id such as \"gemm.fp64.grid\" (quote it)";
    const auto text = node.value_exact<std::string>();
    const auto mode = parse_policy_mode(text.value_or(""));
    if (!mode.ok()) return fmt::format("must be {}", kModes);
    policy.probe_modes.insert_or_assign(std::string(probe), *mode);
    return std::nullopt;
  });
  section.each("architecture_modes", [&](std::string_view architecture, const toml::node& node) -> std::optional<std::string> {
    if (architecture.empty() || architecture.size() > limits::kTextChars) return "is not an architecture such as \"nvidia/sm_90\" (assayctl device show tells it)";
    const auto mode = parse_policy_mode(node.value_exact<std::string>().value_or(""));
    if (!mode.ok()) return fmt::format("must be {}", kModes);
    policy.architecture_modes.insert_or_assign(std::string(architecture), *mode);
    return std::nullopt;
  });
  section.whole("breaker_floor", policy.breaker_floor, 0, 1'000'000);
  section.ratio("breaker_ratio", policy.breaker_ratio);
  section.ratio("capacity_floor_ratio", policy.capacity_floor_ratio);
  section.flag("survey", policy.survey);
  section.span("silent_after", policy.silent_after, std::chrono::seconds{1}, kDay);
  return section.finish();
}

Status read_hooks(Section section, HookSettings& hooks) {
  section.path("directory", hooks.directory);
  section.path("drain", hooks.drain);
  section.path("drill_drain", hooks.drill_drain);
  section.span("timeout", hooks.timeout, std::chrono::seconds{1}, limits::kHookTimeMax);
  section.span("first_retry", hooks.first_retry, std::chrono::milliseconds{10}, std::chrono::minutes{10});
  for (const auto& [key, program] : {std::pair{"drain", &hooks.drain}, {"drill_drain", &hooks.drill_drain}}) {
    if (!program->empty() && hooks.directory.empty()) section.fail(key, "needs hooks.directory, the one directory programs may be in");
  }
  return section.finish();
}

Status read_retention(Section section, Retention& retention) {
  section.span("rollups", retention.rollups, kDay, 10 * 366 * kDay);
  section.span("events", retention.events, kDay, 10 * 366 * kDay);
  section.span("streams", retention.streams, kDay, 10 * 366 * kDay);
  section.span("identities", retention.identities, kDay, 10 * 366 * kDay);
  return section.finish();
}

Status read_enrol(Section section, Config& config) {
  section.span("certificate_lifetime", config.certificate_lifetime, std::chrono::minutes{1}, 366 * kDay);
  return section.finish();
}

Result<Config> read_document(const toml::table& document, const std::string& file) {
  Config config;
  const std::vector<std::pair<std::string, std::function<Status(Section)>>> sections = {
      {"collector", [&](Section section) { return read_collector(std::move(section), config); }},
      {"policy", [&](Section section) { return read_policy(std::move(section), config.policy); }},
      {"hooks", [&](Section section) { return read_hooks(std::move(section), config.hooks); }},
      {"retention", [&](Section section) { return read_retention(std::move(section), config.retention); }},
      {"enrol", [&](Section section) { return read_enrol(std::move(section), config); }},
  };
  for (const auto& [key, node] : document) {
    const bool known = std::any_of(sections.begin(), sections.end(), [&](const auto& section) { return section.first == key.str(); });
    if (!known || !node.is_table()) {
      return make_error(ErrorCode::kInvalid, fmt::format("{}:{}: {} is not a known section; use [collector], [policy], [hooks], [retention] or [enrol]",
                                                         file, key.source().begin.line, key.str()));
    }
  }
  for (const auto& [name, read] : sections) {
    const toml::node* node = document.get(name);
    TRY(read(Section(node == nullptr ? nullptr : node->as_table(), file, name)));
  }
  config.policy.hook = !config.hooks.drain.empty();
  config.policy.drill_hook = !config.hooks.drill_drain.empty();
  return config;
}

}  // namespace

Result<Config> parse_config(std::string_view text, std::string_view name) {
  try {
    const toml::table document = toml::parse(text, name);
    return read_document(document, std::string(name));
  } catch (const toml::parse_error& problem) {
    return make_error(ErrorCode::kInvalid, fmt::format("{}:{}: {}", name, problem.source().begin.line, problem.description()));
  }
}

Result<Config> load_config(const std::filesystem::path& path) {
  auto text = read_file(path, limits::kConfigBytes);
  if (!text.ok()) return text.error();
  return parse_config(*text, path.string());
}

}  // namespace assay::collector
