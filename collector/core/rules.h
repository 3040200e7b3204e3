// SPDX-License-Identifier: Apache-2.0
// The entry points of the rules, one per event; fleet_core.cpp dispatches to them.
#pragma once

#include <set>
#include <string>

#include "collector/core/event.h"
#include "collector/core/step.h"
#include "common/base/result.h"

namespace assay::collector {

// report_intake.cpp: node and device records, ownership of devices, observations with their second verdict, commands for the reply.
void on_report(Step& step, const Report& report);
// finding_intake.cpp: what an agent found beside its probes; `own`: it is about a device that the node may speak for.
void on_finding(Step& step, const std::string& node, const AgentFinding& finding, bool own);
// observation_intake.cpp: all observations of a report, with the second verdict; `allowed` are the devices the node may speak for.
void on_observations(Step& step, const Report& report, const std::set<std::string>& allowed);
// incident_intake.cpp: one incident from an agent or from our own re-check.
void on_incident(Step& step, const Incident& incident, IncidentSource source);
// operator_rules.cpp
Status on_release(Step& step, const OperatorRelease& event);
Status on_retire(Step& step, const OperatorRetire& event);
Status on_unfreeze(Step& step, const UnfreezeProbe& event);
Status on_breaker_reset(Step& step, const BreakerReset& event);
// tick_rules.cpp
void on_tick(Step& step);

}  // namespace assay::collector
