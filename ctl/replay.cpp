// SPDX-License-Identifier: Apache-2.0
#include "ctl/replay.h"

#include <algorithm>

#include <fmt/format.h>

#include "common/model/limits.h"
#include "ctl/json_writer.h"
#include "ctl/page_text.h"
#include "ctl/render.h"
#include "probes/catalogue/catalogue.h"

namespace assay::ctl {
namespace {

std::optional<Digest> digest_of(const JsonValue& incident, std::string_view key) {
  const auto text = incident.text(key);
  if (!text) return std::nullopt;
  const auto digest = parse_digest(*text);
  return digest ? std::optional(*digest) : std::nullopt;
}

Result<ProbeRef> known_probe(std::string_view text) {
  const ProbeRef ref = TRY(parse_probe_ref(text));
  const ProbeSpec* spec = probes::find_probe(ref.id);
  if (spec == nullptr) return make_error(ErrorCode::kUnsupported, fmt::format("this build has no probe {}; use the release that reported it", ref.id));
  if (spec->ref.version != ref.version) {
    return make_error(ErrorCode::kUnsupported,
                      fmt::format("this build has {}, the incident is about {}: their bits differ; use the release that reported it", to_string(spec->ref), text));
  }
  return ref;
}

std::string conclusion(const ReplayReport& report) {
  const std::string place = report.same_device() ? "the device of the incident" : "this machine, which is not known to be that of the incident";
  switch (report.outcome()) {
    case Outcome::kMismatch: return fmt::format("REPRODUCED on {}", place);
    case Outcome::kMatch:
      return report.same_device() ? std::string("not reproduced on the device of the incident: that acquits nothing")
                                  : std::string("not reproduced: this machine computes it right, as a healthy peer must");
    case Outcome::kInconclusive: return fmt::format("could not tell on {}", place);
  }
  return "";
}

Cell set_outcome(const ReplayedSet& set) {
  const std::string outcome(to_string(set.outcome));
  if (set.outcome == Outcome::kInconclusive) return {outcome + ": " + words(to_string(set.reason)), Tone::kWarning};
  return {outcome, tone_of_outcome(outcome)};
}

}  // namespace

Result<ReplayPlan> plan_replay(const JsonValue& incident) {
  ReplayPlan plan;
  plan.incident = incident.text_or("id", "");
  if (plan.incident.empty() || !incident.text("probe") || !incident.number("operand_set")) {
    return make_error(ErrorCode::kCorrupt, "the document is not an incident: it lacks id, probe or operand_set");
  }
  plan.node = incident.text_or("node", "");
  plan.device_id = incident.text_or("device_id", "");
  plan.synthetic = is_synthetic(incident);
  plan.verdict = incident.text_or("verdict", "open");
  plan.probe = TRY(known_probe(incident.text_or("probe", "")));
  plan.variant = incident.text_or("variant", "");
  plan.expected = digest_of(incident, "expected");
  plan.actual = digest_of(incident, "actual");
  const uint64_t known_sets = probes::find_probe(plan.probe.id)->operand_sets;
  const auto take = [&](std::optional<uint64_t> set) {
    if (set && *set < known_sets && std::find(plan.sets.begin(), plan.sets.end(), *set) == plan.sets.end()) plan.sets.push_back(static_cast<uint32_t>(*set));
  };
  take(incident.number("operand_set"));
  for (const JsonValue& record : incident.list("records")) take(record.number("operand_set"));
  if (plan.sets.empty()) return make_error(ErrorCode::kUnsupported, fmt::format("this build's {} has no such operand set", plan.probe.id));
  const uint64_t unit = incident.number_or_zero("unit");
  plan.unit = static_cast<uint32_t>(std::min<uint64_t>(unit, limits::kUnitsPerDevice));
  return plan;
}

probes::RunRequest replay_request(const ReplayPlan& plan, const Device& device, uint32_t unit, uint32_t set, uint32_t runs) {
  probes::RunRequest request;
  request.id = uint64_t{set} + 1;
  request.probe = plan.probe;
  request.variant = plan.variant;
  request.cpus = device.units;
  request.work = {{unit, set}};
  request.set_count = 1;
  request.max_runs = runs;
  request.budget = std::chrono::seconds{30};
  request.report_digests = true;
  return request;
}

ReplayedSet replayed_set(const ReplayPlan& plan, uint32_t set, const ProbeReport& report) {
  ReplayedSet replayed;
  replayed.operand_set = set;
  replayed.detail = report.detail;
  if (report.units.empty()) return replayed;
  const UnitReport& unit = report.units.front();
  replayed.runs = unit.runs;
  replayed.mismatches = unit.mismatches;
  replayed.outcome = unit.outcome;
  replayed.reason = unit.reason;
  for (const DigestGroup& group : unit.digests) {
    if (!replayed.digest) replayed.digest = group.digest;
    replayed.golden = group.golden;
  }
  const bool own_golden_missing = unit.reason == Inconclusive::kNoGolden;
  if (own_golden_missing && plan.expected && set == plan.sets.front() && !unit.digests.empty()) {
    replayed.golden = plan.expected;
    replayed.mismatches = 0;
    for (const DigestGroup& group : unit.digests) replayed.mismatches += group.digest == *plan.expected ? 0 : group.runs;
    replayed.outcome = replayed.mismatches > 0 ? Outcome::kMismatch : Outcome::kMatch;
    replayed.reason = Inconclusive::kNone;
  }
  for (const DigestGroup& group : unit.digests) {
    if (replayed.golden && group.digest != *replayed.golden) {
      replayed.digest = group.digest;
      break;
    }
  }
  replayed.same_as_incident = set == plan.sets.front() && plan.actual && replayed.digest == plan.actual && replayed.outcome == Outcome::kMismatch;
  return replayed;
}

Outcome ReplayReport::outcome() const {
  const auto any = [&](auto test) { return std::any_of(sets.begin(), sets.end(), test); };
  if (any([](const ReplayedSet& set) { return set.outcome == Outcome::kMismatch; })) return Outcome::kMismatch;
  // A run that hangs as the incident says is the finding itself.
  if (plan.verdict == "hang" && any([](const ReplayedSet& set) { return set.reason == Inconclusive::kHang; })) return Outcome::kMismatch;
  if (sets.empty() || any([](const ReplayedSet& set) { return set.outcome == Outcome::kInconclusive; })) return Outcome::kInconclusive;
  return Outcome::kMatch;
}

std::string replay_json(const ReplayReport& report) {
  JsonWriter json;
  json.begin_object().field("incident", report.plan.incident).field("probe", to_string(report.plan.probe)).field("variant", report.variant);
  json.field("device_id", report.device_id).field("same_device", report.same_device()).field("unit", report.unit).field("cpu", report.cpu);
  json.field("synthetic", report.plan.synthetic).field("outcome", to_string(report.outcome())).begin_array("sets");
  for (const ReplayedSet& set : report.sets) {
    json.begin_object().field("operand_set", set.operand_set).field("runs", set.runs).field("mismatches", set.mismatches);
    json.field("outcome", to_string(set.outcome));
    if (set.outcome == Outcome::kInconclusive) json.field("reason", to_string(set.reason));
    if (set.digest) json.field("digest", to_hex(*set.digest));
    if (set.golden) json.field("golden", to_hex(*set.golden));
    json.field("same_as_incident", set.same_as_incident);
    if (!set.detail.empty()) json.field("detail", set.detail);
    json.end_object();
  }
  json.end_array().end_object();
  return json.take();
}

std::string replay_text(const ReplayReport& report, const View& view) {
  PageText page(view);
  page.heading(conclusion(report), tone_of_outcome(to_string(report.outcome())));
  if (report.plan.synthetic) {
    page.prose("*** SYNTHETIC: the incident was planted by a drill; a healthy machine does not reproduce it ***", Tone::kWarning);
  }
  page.field("incident", fmt::format("{} ({}) on {}", report.plan.incident, words(report.plan.verdict), report.plan.device_id));
  page.field("probe", fmt::format("{}, variant {}", to_string(report.plan.probe), report.variant.empty() ? kAbsent : report.variant));
  page.field("here", fmt::format("{}, unit {} (cpu {})", report.device_id, report.unit, report.cpu));
  Table table({{"SET", Align::kRight}, {"RUNS", Align::kRight}, {"WRONG", Align::kRight}, {"OUTCOME"}, {"DIGEST"}, {"GOLDEN"}, {"DETAIL", Align::kLeft, true}});
  for (const ReplayedSet& set : report.sets) {
    const bool same = set.digest && set.digest == set.golden;
    table.add({fmt::format("{}", set.operand_set), grouped(set.runs), {grouped(set.mismatches), set.mismatches > 0 ? Tone::kBad : Tone::kPlain},
               set_outcome(set), set.digest ? to_hex(*set.digest) : kAbsent, !set.golden ? kAbsent : same ? "same" : to_hex(*set.golden),
               set.same_as_incident ? "the very digest of the incident" : set.detail});
  }
  page.table(table);
  return page.take();
}

}  // namespace assay::ctl
