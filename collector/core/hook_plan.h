// SPDX-License-Identifier: Apache-2.0
// Drains and undrains until they are done: one record per decision, started once per life of the collector and again after a restart.
#pragma once

#include "collector/core/event.h"
#include "collector/core/step.h"

namespace assay::collector {

// Plans and starts the hook of a decision, where one is configured for that world. `incident` may be nullptr.
void plan_hook(Step& step, HookAction action, const DeviceRecord& device, const IncidentView* incident, uint64_t decision, bool synthetic,
               const std::string& reason);
// After a release: undrains the node unless another device of it is still quarantined in that world (a notice says so then).
void plan_undrain(Step& step, const DeviceRecord& device, const IncidentView* incident, uint64_t decision, bool synthetic,
                  const std::string& reason);
void on_hook_finished(Step& step, const HookFinished& event);
// Starts pending hooks that this life of the core has not started yet.
void start_pending_hooks(Step& step);

}  // namespace assay::collector
