// SPDX-License-Identifier: Apache-2.0
// What every frame asks of a request before anything is computed: a known probe, goldens that hash to what was loaded, and faults planted only
// where that is allowed.
#pragma once

#include <optional>
#include <string>

#include "common/model/observation.h"
#include "common/model/probe_spec.h"
#include "probes/runner/protocol.h"

namespace assay::probes {

// Why a request cannot be measured at all.
struct Refusal {
  Inconclusive reason;
  std::string detail;
};

// The answer to a request that is refused: every unit inconclusive.
RunResult refused(const RunRequest& request, const Refusal& refusal);
// `spec` is nullptr when this build has no such probe.
std::optional<Refusal> check_probe(const RunRequest& request, const ProbeSpec* spec);
// The fault to plant: a control that names none is a single flipped bit.
std::optional<Injection> injection_of(const RunRequest& request);
// Controls need no permission but a shape that is seen for certain; `allowed`: the runner was started with --allow-injection.
std::optional<Refusal> check_injection(const RunRequest& request, const std::optional<Injection>& injection, bool allowed);

}  // namespace assay::probes
