// SPDX-License-Identifier: Apache-2.0
#include "collector/narration.h"

#include <algorithm>
#include <iterator>
#include <string_view>
#include <variant>

#include <fmt/format.h>

namespace assay::collector {
namespace {

std::string_view deed(DecisionKind kind) {
  switch (kind) {
    case DecisionKind::kQuarantine: return "quarantined";
    case DecisionKind::kAdvise: return "advised";
    case DecisionKind::kRefuse: return "did not quarantine";
    case DecisionKind::kRelease: return "released";
    case DecisionKind::kFreezeProbe: return "froze";
    case DecisionKind::kUnfreezeProbe: return "unfroze";
    case DecisionKind::kBreakerReset: return "reset the breaker";
    case DecisionKind::kSuspect: return "suspects";
    case DecisionKind::kRetire: return "retired";
  }
  return "decided";
}

// ", 10 of 10 retests wrong" when the incident and its retests on the same unit are at hand.
std::string retests(const std::vector<Action>& actions, const std::string& incident_id) {
  uint64_t runs = 0;
  uint64_t mismatches = 0;
  for (const Action& action : actions) {
    const auto* save = std::get_if<SaveIncident>(&action);
    if (save == nullptr || save->incident.id != incident_id) continue;
    for (const EvidenceStep& step : save->incident.steps) {
      if (step.rung != Rung::kSameUnit) continue;
      runs += step.runs;
      mismatches += step.mismatches;
    }
  }
  return runs == 0 ? "" : fmt::format(", {} of {} retests wrong", mismatches, runs);
}

std::string hook_words(const std::vector<Action>& actions, const Decision& decision) {
  const bool started = std::any_of(actions.begin(), actions.end(), [&](const Action& action) {
    const auto* start = std::get_if<StartHook>(&action);
    return start != nullptr && start->hook.decision == decision.number;
  });
  if (started) return decision.kind == DecisionKind::kQuarantine ? "; drain hook started" : "; undrain hook started";
  return decision.kind == DecisionKind::kQuarantine ? "; no drain hook is configured" : "";
}

LogLine describe(const std::vector<Action>& actions, const Decision& decision) {
  std::string text = decision.synthetic ? "[drill] " : "";
  text += deed(decision.kind);
  for (const std::string* name : {&decision.node, &decision.device_id}) {
    if (!name->empty()) text += " " + *name;
  }
  if (decision.device_id.empty() && !decision.probe.empty()) text += " " + decision.probe;
  text += fmt::format(": {}{}{} (decision {}", decision.reason, retests(actions, decision.incident_id), hook_words(actions, decision), decision.number);
  text += decision.actor == "policy" ? ")" : fmt::format(" by {})", decision.actor);
  const bool grave = !decision.synthetic && (decision.kind == DecisionKind::kQuarantine || decision.kind == DecisionKind::kFreezeProbe);
  return {grave ? log::Level::kWarning : log::Level::kNotice, std::move(text)};
}

// The diary repeats each decision; the log does not.
bool repeats_decision(const std::vector<Action>& actions, const Notice& notice) {
  return std::any_of(actions.begin(), actions.end(), [&](const Action& action) {
    const auto* record = std::get_if<RecordDecision>(&action);
    return record != nullptr && to_string(record->decision.kind) == notice.kind && record->decision.incident_id == notice.incident_id &&
           record->decision.device_id == notice.device_id && record->decision.reason == notice.text;
  });
}

LogLine describe(const Notice& notice) {
  std::string text = notice.synthetic ? "[drill] " : "";
  text += notice.kind;
  for (const std::string* name : {&notice.node, &notice.device_id, &notice.incident_id}) {
    if (!name->empty()) text += " " + *name;
  }
  text += ": " + notice.text;
  constexpr std::string_view kGrave[] = {"hook_failed", "breaker_open", "wrong_identity", "device_conflict", "control_missed"};
  const bool grave = !notice.synthetic && std::find(std::begin(kGrave), std::end(kGrave), notice.kind) != std::end(kGrave);
  return {grave ? log::Level::kWarning : log::Level::kInfo, std::move(text)};
}

}  // namespace

std::vector<LogLine> narrate(const std::vector<Action>& actions) {
  std::vector<LogLine> lines;
  for (const Action& action : actions) {
    if (const auto* record = std::get_if<RecordDecision>(&action)) {
      lines.push_back(describe(actions, record->decision));
    } else if (const auto* note = std::get_if<NoteEvent>(&action); note != nullptr && !repeats_decision(actions, note->notice)) {
      lines.push_back(describe(note->notice));
    }
  }
  return lines;
}

}  // namespace assay::collector
