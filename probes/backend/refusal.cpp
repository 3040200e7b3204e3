// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/refusal.h"

#include <algorithm>

#include <fmt/format.h>

#include "probes/goldens/golden_set.h"

namespace assay::probes {
namespace {

// Shapes that a control may have: each changes an output for certain and is seen by the comparison itself.
bool suits_control(FaultShape shape) {
  switch (shape) {
    case FaultShape::kBitFlip:
    case FaultShape::kMultiBit:
    case FaultShape::kLanePeriodic:
    case FaultShape::kSameMaskPair:
    case FaultShape::kStuckAt:
      return true;
    default:
      return false;
  }
}

}  // namespace

RunResult refused(const RunRequest& request, const Refusal& refusal) {
  RunResult result;
  result.id = request.id;
  result.variant = request.variant;
  result.synthetic = request.synthetic;
  result.detail = refusal.detail;
  for (const UnitWork& work : request.work) {
    UnitRun unit;
    unit.result.unit = work.unit;
    unit.result.first_set = work.first_set;
    unit.result.set_count = request.set_count;
    unit.result.reason = refusal.reason;
    result.units.push_back(unit);
  }
  return result;
}

std::optional<Injection> injection_of(const RunRequest& request) {
  if (request.synthetic == Synthetic::kNone) return std::nullopt;
  Injection injection = request.injection;
  if (injection.shape == FaultShape::kNone) {
    if (request.synthetic == Synthetic::kDrill) return std::nullopt;
    injection.shape = FaultShape::kBitFlip;
    injection.unit = request.work.front().unit;
    injection.seed = request.id;
  }
  if (request.synthetic == Synthetic::kControl) injection.probability = 1.0;
  return injection;
}

std::optional<Refusal> check_injection(const RunRequest& request, const std::optional<Injection>& injection, bool allowed) {
  if (request.synthetic == Synthetic::kNone && request.injection.shape != FaultShape::kNone) {
    return Refusal{Inconclusive::kRunnerError, "injection refused: the request does not mark it as control or drill"};
  }
  if (!injection || allowed) return std::nullopt;
  if (request.synthetic == Synthetic::kDrill) {
    return Refusal{Inconclusive::kRunnerError, "injection refused: the runner was started without --allow-injection"};
  }
  if (!suits_control(injection->shape)) {
    return Refusal{Inconclusive::kRunnerError,
                   fmt::format("control refused: {} needs a runner started with --allow-injection", to_string(injection->shape))};
  }
  const auto hit = [&](const UnitWork& work) { return work.unit == injection->unit; };
  if (std::none_of(request.work.begin(), request.work.end(), hit)) {
    return Refusal{Inconclusive::kRunnerError, fmt::format("control refused: unit {} is not among the units to run", injection->unit)};
  }
  return std::nullopt;
}

std::optional<Refusal> check_probe(const RunRequest& request, const ProbeSpec* spec) {
  const std::string name = to_string(request.probe);
  if (spec == nullptr) return Refusal{Inconclusive::kUnsupported, fmt::format("{}: this build has no such probe", name)};
  if (spec->ref.version != request.probe.version) {
    return Refusal{Inconclusive::kUnsupported, fmt::format("{}: this build has version {}", name, spec->ref.version)};
  }
  if (!request.goldens.empty() && hash_of(request.goldens) != request.golden_hash) {
    return Refusal{Inconclusive::kGoldenCorrupt, fmt::format("{}: the goldens do not hash to what was loaded", name)};
  }
  if (request.memory_bytes != 0 && spec->memory_bytes > request.memory_bytes) {
    return Refusal{Inconclusive::kNoMemory,
                   fmt::format("{}: needs {} bytes a unit, {} are allowed", name, spec->memory_bytes, request.memory_bytes)};
  }
  return std::nullopt;
}

}  // namespace assay::probes
