// SPDX-License-Identifier: Apache-2.0
// Protobuf to model, with every limit and enumerator checked.
#include <cmath>

#include <fmt/format.h>

#include "common/model/limits.h"
#include "common/wire/translation.h"

namespace assay::wire {
namespace {

Error bad(std::string_view field, std::string_view why) {
  return make_error(ErrorCode::kInvalid, fmt::format("{}: {}", field, why));
}
Error over(std::string_view field, size_t limit) {
  return make_error(ErrorCode::kLimit, fmt::format("{}: over the limit of {}", field, limit));
}

template <typename E>
Result<E> enumerator(uint32_t value, E last, std::string_view field) {
  if (value > static_cast<uint32_t>(last)) return bad(field, fmt::format("unknown value {}", value));
  return static_cast<E>(value);
}

Result<std::string> text(const std::string& value, size_t limit, std::string_view field) {
  if (value.size() > limit) return over(field, limit);
  return value;
}

Result<std::string> name(const std::string& value, std::string_view field) {
  if (!is_valid_name(value)) return bad(field, "not a name: 1 to 128 letters, digits and . _ : -");
  return value;
}

// Finite and not negative: temperatures below freezing do not occur in a machine, and NaN must not reach a rollup.
Result<double> quantity(double value, std::string_view field) {
  if (!std::isfinite(value) || value < 0) return bad(field, "not a finite number of 0 or more");
  return value;
}

Result<Duration> span(int64_t nanoseconds, std::string_view field) {
  if (nanoseconds < 0) return bad(field, "negative");
  return Duration{nanoseconds};
}

// Kept inside what a database of milliseconds and a calendar can hold: 1970 to 2200.
Result<WallTime> wall(int64_t nanoseconds, std::string_view field) {
  constexpr int64_t kYear2200 = 7'258'118'400'000'000'000;
  if (nanoseconds < 0 || nanoseconds > kYear2200) return bad(field, "not a time between 1970 and 2200");
  return WallTime{Duration{nanoseconds}};
}

Result<Digest> digest(const std::string& bytes, std::string_view field) {
  if (bytes.size() != 16) return bad(field, "a digest has 16 bytes");
  Digest out;
  for (size_t i = 0; i < 8; ++i) {
    out.high = out.high << 8 | static_cast<unsigned char>(bytes[i]);
    out.low = out.low << 8 | static_cast<unsigned char>(bytes[8 + i]);
  }
  return out;
}

Result<std::optional<Digest>> optional_digest(const std::string& bytes, std::string_view field) {
  if (bytes.empty()) return std::optional<Digest>{};
  return std::optional<Digest>{TRY(digest(bytes, field))};
}

}  // namespace

// Overloads stand side by side with the public ones, so that take_all finds every one of them.
static Result<Conditions> take(const v1::Conditions& from) {
  Conditions out;
  if (from.has_temperature_celsius()) out.temperature_celsius = TRY(quantity(from.temperature_celsius(), "temperature_celsius"));
  if (from.has_power_watts()) out.power_watts = TRY(quantity(from.power_watts(), "power_watts"));
  if (from.has_clock_hertz()) out.clock_hertz = TRY(quantity(from.clock_hertz(), "clock_hertz"));
  return out;
}

static Result<Device> take(const v1::Device& from) {
  Device out;
  out.id = TRY(name(from.id(), "device.id"));
  out.kind = TRY(enumerator(from.kind(), DeviceKind::kGpu, "device.kind"));
  out.identity_is_hardware = from.identity_is_hardware();
  out.model = TRY(text(from.model(), limits::kTextChars, "device.model"));
  out.architecture = TRY(text(from.architecture(), limits::kTextChars, "device.architecture"));
  out.firmware = TRY(text(from.firmware(), limits::kTextChars, "device.firmware"));
  out.socket = from.socket();
  if (from.units_size() < 1) return bad("device.units", "none");
  if (static_cast<size_t>(from.units_size()) > limits::kUnitsPerDevice) return over("device.units", limits::kUnitsPerDevice);
  out.units.assign(from.units().begin(), from.units().end());
  return out;
}

static Result<DeviceStatus> take(const v1::DeviceStatus& from) {
  DeviceStatus out;
  out.device = TRY(take(from.device()));
  out.state = TRY(enumerator(from.state(), kLastDeviceState, "device.state"));
  out.conditions = TRY(take(from.conditions()));
  out.oldest_cell_age = TRY(span(from.oldest_cell_age_ns(), "device.oldest_cell_age"));
  out.cells = from.cells();
  out.cells_covered = from.cells_covered();
  out.probe_ratio = TRY(quantity(from.probe_ratio(), "device.probe_ratio"));
  out.budget_ratio = TRY(quantity(from.budget_ratio(), "device.budget_ratio"));
  out.readings = TRY(take(from.readings()));
  if (from.has_offers()) out.offers = TRY(take(from.offers()));
  return out;
}

static Result<ProbeRef> take(const v1::ProbeRef& from) {
  if (!is_valid_probe_id(from.id())) return bad("probe.id", "not a probe id");
  if (from.version() == 0) return bad("probe.version", "0");
  return ProbeRef{from.id(), from.version()};
}

static MismatchRecord take(const v1::MismatchRecord& from) {
  return {from.operand_set(), from.step(),   from.word_index(), from.lane(),     from.expected(),
          from.actual(),      from.reread(), from.cpu_before(), from.cpu_after()};
}

template <typename Records>
static Result<std::vector<MismatchRecord>> take_records(const Records& from, std::string_view field) {
  if (static_cast<size_t>(from.size()) > limits::kMismatchRecordsPerUnit) return over(field, limits::kMismatchRecordsPerUnit);
  std::vector<MismatchRecord> out;
  for (const v1::MismatchRecord& record : from) out.push_back(take(record));
  return out;
}

// What a result may claim at all: a pass needs complete runs without a mismatch, and "inconclusive" needs a reason.
static Status check_claim(const UnitResult& result) {
  if (result.set_count == 0 || result.set_count > limits::kOperandSetsPerProbe) return bad("unit.set_count", "out of range");
  if (result.first_set >= limits::kOperandSetsPerProbe) return bad("unit.first_set", "out of range");
  if (result.unit >= limits::kUnitsPerDevice) return over("unit.unit", limits::kUnitsPerDevice);
  if (result.mismatches > result.runs) return bad("unit.mismatches", "more than runs");
  switch (result.outcome) {
    case Outcome::kMatch:
      if (result.runs == 0 || result.mismatches != 0) return bad("unit.outcome", "match without clean runs");
      if (result.reason != Inconclusive::kNone) return bad("unit.reason", "match with a reason");
      break;
    case Outcome::kMismatch:
      if (result.mismatches == 0) return bad("unit.outcome", "mismatch without a mismatching run");
      break;
    case Outcome::kInconclusive:
      if (result.reason == Inconclusive::kNone) return bad("unit.reason", "inconclusive without a reason");
      break;
  }
  return {};
}

static Result<UnitResult> take(const v1::UnitResult& from) {
  UnitResult out;
  out.unit = from.unit();
  out.first_set = from.first_set();
  out.set_count = from.set_count();
  out.runs = from.runs();
  out.mismatches = from.mismatches();
  out.outcome = TRY(enumerator(from.outcome(), Outcome::kInconclusive, "unit.outcome"));
  out.reason = TRY(enumerator(from.reason(), kLastInconclusive, "unit.reason"));
  out.fold = TRY(digest(from.fold(), "unit.fold"));
  out.busy = TRY(span(from.busy_ns(), "unit.busy"));
  out.records = TRY(take_records(from.records(), "unit.records"));
  TRY(check_claim(out));
  return out;
}

static Result<EvidenceStep> take(const v1::EvidenceStep& from) {
  EvidenceStep out;
  out.rung = TRY(enumerator(from.rung(), kLastRung, "step.rung"));
  out.at = TRY(wall(from.at_unix_ns(), "step.at"));
  out.detail = TRY(text(from.detail(), limits::kTextChars, "step.detail"));
  out.unit = from.unit();
  out.runs = from.runs();
  out.mismatches = from.mismatches();
  if (out.mismatches > out.runs) return bad("step.mismatches", "more than runs");
  out.reason = TRY(enumerator(from.reason(), kLastInconclusive, "step.reason"));
  out.conditions = TRY(take(from.conditions()));
  return out;
}

static Result<AgentFinding> take(const v1::Finding& from) {
  AgentFinding out;
  out.at = TRY(wall(from.at_unix_ns(), "finding.at"));
  if (!is_valid_probe_id(from.kind())) return bad("finding.kind", "not a word of a-z, 0-9, '_' and '.'");
  out.kind = from.kind();
  if (!from.device_id().empty()) out.device_id = TRY(name(from.device_id(), "finding.device_id"));
  out.text = TRY(text(from.text(), limits::kTextChars, "finding.text"));
  out.suspects = from.suspects();
  return out;
}

// Repeated messages into a vector, with a limit.
template <typename T, typename Repeated>
static Result<std::vector<T>> take_all(const Repeated& from, size_t limit, std::string_view field) {
  if (static_cast<size_t>(from.size()) > limit) return over(field, limit);
  std::vector<T> out;
  out.reserve(static_cast<size_t>(from.size()));
  for (const auto& item : from) out.push_back(TRY(take(item)));
  return out;
}

Result<Observation> take(const v1::Observation& from) {
  Observation out;
  out.device_id = TRY(name(from.device_id(), "observation.device_id"));
  out.probe = TRY(take(from.probe()));
  out.variant = TRY(text(from.variant(), limits::kProbeIdChars, "observation.variant"));
  out.synthetic = TRY(enumerator(from.synthetic(), Synthetic::kDrill, "observation.synthetic"));
  out.started = TRY(wall(from.started_unix_ns(), "observation.started"));
  out.took = TRY(span(from.took_ns(), "observation.took"));
  out.conditions = TRY(take(from.conditions()));
  out.units = TRY(take_all<UnitResult>(from.units(), limits::kUnitResultsPerObservation, "observation.units"));
  return out;
}

Result<Incident> take(const v1::Incident& from) {
  Incident out;
  out.id = TRY(name(from.id(), "incident.id"));
  out.node = TRY(name(from.node(), "incident.node"));
  out.device_id = TRY(name(from.device_id(), "incident.device_id"));
  out.unit = from.unit();
  out.probe = TRY(take(from.probe()));
  out.tier = TRY(enumerator(from.tier(), GoldenTier::kT3Quorum, "incident.tier"));
  out.operand_set = from.operand_set();
  out.variant = TRY(text(from.variant(), limits::kProbeIdChars, "incident.variant"));
  out.synthetic = TRY(enumerator(from.synthetic(), Synthetic::kDrill, "incident.synthetic"));
  out.verdict = TRY(enumerator(from.verdict(), kLastVerdict, "incident.verdict"));
  out.opened = TRY(wall(from.opened_unix_ns(), "incident.opened"));
  out.updated = TRY(wall(from.updated_unix_ns(), "incident.updated"));
  out.expected = TRY(optional_digest(from.expected(), "incident.expected"));
  out.actual = TRY(optional_digest(from.actual(), "incident.actual"));
  out.steps = TRY(take_all<EvidenceStep>(from.steps(), limits::kEvidenceStepsPerIncident, "incident.steps"));
  out.records = TRY(take_records(from.records(), "incident.records"));
  out.ran_on_silicon = from.ran_on_silicon();
  return out;
}

Result<Report> take(const v1::Report& from) {
  Report out;
  out.node = TRY(name(from.node(), "node"));
  out.stream = TRY(name(from.stream(), "stream"));
  out.sequence = from.sequence();
  if (out.sequence == 0) return bad("sequence", "starts at 1");
  out.boot_id = TRY(text(from.boot_id(), limits::kNodeNameChars, "boot_id"));
  out.agent_version = TRY(text(from.agent_version(), limits::kProbeIdChars, "agent_version"));
  out.sent = {TRY(wall(from.sent_unix_ns(), "sent")), MonoTime{TRY(span(from.sent_boottime_ns(), "sent_boottime"))}};
  out.devices = TRY(take_all<DeviceStatus>(from.devices(), limits::kDevicesPerNode, "devices"));
  out.observations = TRY(take_all<Observation>(from.observations(), limits::kObservationsPerReport, "observations"));
  out.incidents = TRY(take_all<Incident>(from.incidents(), limits::kIncidentsPerReport, "incidents"));
  if (static_cast<size_t>(from.skips().size()) > limits::kProbeIdChars) return over("skips", limits::kProbeIdChars);
  for (const auto& [reason, count] : from.skips()) {
    if (!is_valid_probe_id(reason)) return bad("skips", "not a reason");
    out.skips[reason] = count;
  }
  out.dropped_reports = from.dropped_reports();
  out.findings = TRY(take_all<AgentFinding>(from.findings(), limits::kFindingsPerReport, "findings"));
  return out;
}

Result<ReportAck> take(const v1::ReportAck& from) {
  ReportAck out;
  out.stream = TRY(name(from.stream(), "stream"));
  out.sequence = from.sequence();
  out.duplicate = from.duplicate();
  out.collector_time = TRY(wall(from.collector_unix_ns(), "collector_time"));
  if (static_cast<size_t>(from.commands_size()) > limits::kCommandsPerReply) return over("commands", limits::kCommandsPerReply);
  for (const v1::Command& command : from.commands()) {
    if (command.kind() != static_cast<uint32_t>(Command::Kind::kSetState)) continue;  // of a newer collector: not for us
    out.commands.push_back({Command::Kind::kSetState, TRY(name(command.device_id(), "command.device_id")),
                            TRY(enumerator(command.state(), kLastDeviceState, "command.state")), command.decision()});
  }
  return out;
}

}  // namespace assay::wire
