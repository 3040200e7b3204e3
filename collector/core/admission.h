// SPDX-License-Identifier: Apache-2.0
// May this device be taken out of service? The one place where a proposal becomes a quarantine, an advice or a refusal.
#pragma once

#include <optional>
#include <string>

#include "collector/core/step.h"

namespace assay::collector {

// Why an incident cannot condemn whatever the fleet's mode: the evidence does not bear it. Absent when it does.
//  - tier T3, or a probe this collector has no golden for: it cannot be checked here (a hang or a missed control needs no golden);
//  - the node's golden differs from ours, or what it calls wrong is right;
//  - a confirmation that names no second failure.
std::optional<std::string> evidence_gap(const ProbeBook& book, const Incident& incident);

// Proposes to quarantine the device of the incident, whose evidence bears it unless `gap` says why not. Records at most one decision of
// each kind per incident; does nothing for a device that is out of service already or an incident that is no longer active.
// Order of the rules: evidence, mode, breaker, capacity (frozen probes never come here). A drill skips all but the evidence and
// touches no counts.
void propose_quarantine(Step& step, IncidentView& incident, const std::optional<std::string>& gap);

// Tries the waiting ones again, oldest first: after a reset of the breaker, and on ticks when what they wait for has changed.
void retry_pending(Step& step);

// Whether the state means that the device is out of service by our word.
bool is_out_of_service(DeviceState state);

}  // namespace assay::collector
