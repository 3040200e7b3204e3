// SPDX-License-Identifier: Apache-2.0
#include "ctl/wait_condition.h"

#include <algorithm>

#include <fmt/format.h>

#include "ctl/json_writer.h"
#include "ctl/render.h"
#include "ctl/text_width.h"

namespace assay::ctl {
namespace {

using Kind = WaitCondition::Kind;

bool about(const JsonValue& entry, std::string_view device) { return device == "any" || entry.text_or("device_id", "") == device; }

std::string marked(const JsonValue& entry) { return is_synthetic(entry) ? " [drill]" : ""; }

WaitProgress quarantine_progress(const WaitCondition& condition, const JsonValue& document) {
  for (const JsonValue& entry : document.list("quarantine")) {
    if (!about(entry, condition.device)) continue;
    const JsonValue hook = entry.at("hook");
    const bool drained = hook.text_or("status", "") == "done";
    if (condition.kind == Kind::kDrain && !drained) return {false, fmt::format("{}: {}", entry.text_or("device_id", kAbsent), hook_words(hook))};
    return {true, fmt::format("{} on {}: {}{}", entry.text_or("device_id", kAbsent), entry.text_or("node", kAbsent),
                              condition.kind == Kind::kDrain ? hook_words(hook) : entry.text_or("reason", kAbsent), marked(entry))};
  }
  return {false, "no such quarantine"};
}

WaitProgress incident_progress(const WaitCondition& condition, const JsonValue& document) {
  for (const JsonValue& entry : document.list("incidents")) {
    if (!about(entry, condition.device)) continue;
    return {true, fmt::format("{} on {}: {}{}", entry.text_or("id", kAbsent), entry.text_or("device_id", kAbsent),
                              words(entry.text_or("verdict", kAbsent)), marked(entry))};
  }
  return {false, "no such incident"};
}

}  // namespace

std::string to_string(const WaitCondition& condition) {
  const std::string device = condition.device == "any" ? "any device" : "device " + condition.device;
  switch (condition.kind) {
    case Kind::kQuarantine: return "quarantine of " + device;
    case Kind::kDrain: return "drain of " + device;
    case Kind::kIncident: return "incident of " + device;
    case Kind::kResults: return plural(condition.count, "result");
    case Kind::kNodes: return plural(condition.count, "reporting node");
  }
  return "";
}

std::string target_of(const WaitCondition& condition) {
  switch (condition.kind) {
    case Kind::kQuarantine:
    case Kind::kDrain: return "/v1/quarantine";
    case Kind::kIncident: return "/v1/incidents";
    case Kind::kResults:
    case Kind::kNodes: return "/v1/status";
  }
  return "";
}

WaitProgress progress_of(const WaitCondition& condition, const JsonValue& document) {
  switch (condition.kind) {
    case Kind::kQuarantine:
    case Kind::kDrain: return quarantine_progress(condition, document);
    case Kind::kIncident: return incident_progress(condition, document);
    case Kind::kResults: {
      const JsonValue runs = document.at("runs");
      const uint64_t results = runs.number_or_zero("match") + runs.number_or_zero("mismatch");
      return {results >= condition.count, fmt::format("{} of {}", grouped(results), plural(condition.count, "result"))};
    }
    case Kind::kNodes: {
      const uint64_t nodes = document.at("nodes").number_or_zero("reporting");
      return {nodes >= condition.count, fmt::format("{} of {} reporting", grouped(nodes), plural(condition.count, "node"))};
    }
  }
  return {};
}

bool WaitResult::met() const {
  return std::all_of(progress.begin(), progress.end(), [](const WaitProgress& one) { return one.met; });
}

std::string wait_json(const WaitResult& result) {
  JsonWriter json;
  json.begin_object().field("met", result.met()).field("waited_s", result.waited_s).begin_array("conditions");
  for (size_t i = 0; i < result.conditions.size(); ++i) {
    json.begin_object().field("condition", to_string(result.conditions[i])).field("met", result.progress[i].met);
    json.field("detail", result.progress[i].detail).end_object();
  }
  return json.end_array().end_object().take();
}

std::string wait_text(const WaitResult& result) {
  std::string out;
  for (size_t i = 0; i < result.conditions.size(); ++i) {
    out += fmt::format("{}: {}: {}\n", result.progress[i].met ? "met" : "not met", to_string(result.conditions[i]), printable(result.progress[i].detail));
  }
  return out;
}

}  // namespace assay::ctl
