// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "probes/runner/protocol.h"
#include "probes/runner/protocol_fields.h"

namespace assay::probes {
namespace {

Error invalid(std::string_view what) { return make_error(ErrorCode::kInvalid, fmt::format("runner request: {}", what)); }

Status check_work(const RunRequest& request) {
  if (request.cpus.empty() || request.work.empty()) return invalid("no units to run on");
  std::vector<bool> seen(request.cpus.size(), false);
  for (const UnitWork& work : request.work) {
    if (work.unit >= request.cpus.size()) return invalid(fmt::format("unit {} of {}", work.unit, request.cpus.size()));
    if (seen[work.unit]) return invalid(fmt::format("unit {} twice", work.unit));
    if (work.first_set >= limits::kOperandSetsPerProbe) return invalid(fmt::format("operand set {} is out of range", work.first_set));
    seen[work.unit] = true;
  }
  const auto out_of_range = [](uint32_t cpu) { return cpu >= kCpuNumberEnd; };
  if (std::any_of(request.cpus.begin(), request.cpus.end(), out_of_range)) return invalid("a cpu number is out of range");
  return {};
}

Status check_injection(const RunRequest& request) {
  const Injection& injection = request.injection;
  if (!(injection.probability >= 0 && injection.probability <= 1)) return invalid("probability of the injection is not in 0..1");
  if (request.synthetic == Synthetic::kNone && injection.shape != FaultShape::kNone) {
    return invalid("an injection must be marked as control or drill");
  }
  return {};
}

Status check_power_steps(const PowerSteps& steps) {
  if (steps == PowerSteps{}) return {};
  const auto in_range = [](Duration phase) { return phase > Duration::zero() && phase <= limits::kPowerStepMax; };
  if (in_range(steps.on) && in_range(steps.off)) return {};
  return invalid(fmt::format("power steps of {} and {} ns are not both above 0 and at most {} ms, nor both 0", steps.on.count(),
                             steps.off.count(), limits::kPowerStepMax.count()));
}

Status check_replay(const RunRequest& request) {
  const bool is_user = request.probe.id.starts_with(kReplayPrefix);
  if (request.replay.has_value() != is_user) return invalid("a replay, and nothing else, has an id that begins with user.");
  if (!is_user) return {};
  const ReplayProgram& replay = *request.replay;
  if (!replay.program.starts_with('/')) return invalid("the program of a replay is an absolute path");
  if (replay.timeout <= Duration::zero() || replay.timeout > limits::kSliceBudgetMax) return invalid("the timeout of a replay is out of range");
  if (replay.operand_sets == 0 || replay.operand_sets > limits::kOperandSetsPerProbe) return invalid("the operand sets of a replay are out of range");
  const auto cut = [](const std::string& text) { return text.find('\0') != std::string::npos; };
  if (cut(replay.program) || std::any_of(replay.arguments.begin(), replay.arguments.end(), cut)) return invalid("a text of a replay has a zero in it");
  return {};
}

Status check(const RunRequest& request) {
  if (!is_valid_probe_id(request.probe.id) || request.probe.version == 0) return invalid("the probe has no valid name or version");
  if (!is_valid_variant(request.variant)) return invalid("the variant is not a lower-case word");
  if (request.set_count == 0 || request.set_count > limits::kOperandSetsPerProbe) return invalid("set_count is out of range");
  if (request.budget <= Duration::zero() || request.budget > limits::kSliceBudgetMax) {
    return invalid(fmt::format("budget of {} ns is not above 0 and at most {} ms", request.budget.count(), limits::kSliceBudgetMax.count()));
  }
  TRY(check_work(request));
  TRY(check_power_steps(request.power_steps));
  TRY(check_replay(request));
  return check_injection(request);
}

void put_injection(ByteWriter& out, const Injection& injection) {
  out.u8(static_cast<uint8_t>(injection.shape));
  out.u32(injection.unit);
  out.u32(injection.step);
  out.u64(injection.mask);
  out.f64(injection.probability);
  out.u64(injection.seed);
}

Injection take_injection(ByteReader& in) {
  Injection injection;
  injection.shape = in.enumerator(kLastFaultShape);
  injection.unit = in.u32();
  injection.step = in.u32();
  injection.mask = in.u64();
  injection.probability = in.f64();
  injection.seed = in.u64();
  return injection;
}

// Only there when the request is for a replay.
void put_replay(ByteWriter& out, const ReplayProgram& replay) {
  out.text(replay.program);
  out.u32(static_cast<uint32_t>(replay.arguments.size()));
  for (const std::string& argument : replay.arguments) out.text(argument);
  put_duration(out, replay.timeout);
  out.u32(replay.operand_sets);
}

ReplayProgram take_replay(ByteReader& in) {
  ReplayProgram replay;
  replay.program = in.text(limits::kTextChars);
  const uint32_t count = in.count(limits::kReplayArguments);
  for (uint32_t i = 0; i < count && in.ok(); ++i) replay.arguments.push_back(in.text(limits::kTextChars));
  replay.timeout = take_duration(in);
  replay.operand_sets = in.u32();
  return replay;
}

std::vector<UnitWork> take_work(ByteReader& in) {
  std::vector<UnitWork> work;
  const uint32_t count = in.count(limits::kUnitsPerDevice);
  for (uint32_t i = 0; i < count && in.ok(); ++i) {
    UnitWork unit;
    unit.unit = in.u32();
    unit.first_set = in.u32();
    work.push_back(unit);
  }
  return work;
}

}  // namespace

uint32_t digests_kept(size_t units) {
  constexpr size_t kPerUnit = 4096;
  constexpr size_t kPerResult = 16384;
  return static_cast<uint32_t>(std::clamp<size_t>(kPerResult / std::max<size_t>(units, 1), 1, kPerUnit));
}

std::string encode(const RunRequest& request) {
  ByteWriter out;
  put_header(out, MessageKind::kRequest);
  out.u64(request.id);
  out.text(request.probe.id);
  out.u32(request.probe.version);
  out.text(request.variant);
  put_numbers(out, request.cpus);
  out.u32(static_cast<uint32_t>(request.work.size()));
  for (const UnitWork& work : request.work) {
    out.u32(work.unit);
    out.u32(work.first_set);
  }
  out.u32(request.set_count);
  out.u32(request.max_runs);
  put_duration(out, request.budget);
  out.u64(request.memory_bytes);
  put_digests(out, request.goldens);
  put_digest(out, request.golden_hash);
  out.u8(static_cast<uint8_t>(request.synthetic));
  put_injection(out, request.injection);
  put_flag(out, request.report_digests);
  put_duration(out, request.power_steps.on);
  put_duration(out, request.power_steps.off);
  if (request.replay) put_replay(out, *request.replay);
  return out.take();
}

Result<RunRequest> decode_request(std::string_view bytes) {
  ByteReader in(bytes);
  TRY(take_header(in, MessageKind::kRequest));
  RunRequest request;
  request.id = in.u64();
  request.probe.id = in.text(limits::kProbeIdChars);
  request.probe.version = in.u32();
  request.variant = in.text(kVariantChars);
  request.cpus = take_numbers(in, limits::kUnitsPerDevice);
  request.work = take_work(in);
  request.set_count = in.u32();
  request.max_runs = in.u32();
  request.budget = take_duration(in);
  request.memory_bytes = in.u64();
  request.goldens = take_digests(in, limits::kOperandSetsPerProbe);
  request.golden_hash = take_digest(in);
  request.synthetic = in.enumerator(Synthetic::kDrill);
  request.injection = take_injection(in);
  request.report_digests = take_flag(in);
  request.power_steps.on = take_duration(in);
  request.power_steps.off = take_duration(in);
  if (in.ok() && !in.complete()) request.replay = take_replay(in);
  if (!in.complete()) return invalid("cut short, too long, or a field is out of range");
  TRY(check(request));
  return request;
}

}  // namespace assay::probes
