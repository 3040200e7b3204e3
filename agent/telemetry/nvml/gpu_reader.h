// SPDX-License-Identifier: Apache-2.0
// Reads one GPU through NVML: identity once, values at each sample. Newer calls first, older ones where a library lacks them; what none tells is
// absent.
#pragma once

#include "agent/core/gpu_facts.h"
#include "agent/telemetry/nvml/calls.h"
#include "agent/telemetry/nvml/decode.h"

namespace assay::agent::nvml {

// kSuccess, or why there is no identity: the code of the call for the UUID.
int read_identity(Calls& calls, Device device, GpuIdentity& into);
// Everything of docs/reference/metrics-agent.md that the GPU tells. The code of the first call that says that the GPU is lost or must be reset,
// after which no other is made; else kSuccess.
int read_values(Calls& calls, Device device, Facts& into);

}  // namespace assay::agent::nvml
