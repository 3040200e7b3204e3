// SPDX-License-Identifier: Apache-2.0
// What a report tells of a GPU's telemetry: the few figures of a sample that an operator looks at first, and its latest Xids.
#pragma once

#include <map>
#include <string_view>

#include "agent/core/gpu_facts.h"
#include "agent/core/xid_watch.h"
#include "common/model/accelerator_readings.h"

namespace assay::agent {

// `driver`: the version of the sample. What the sample does not have stays absent. Pure.
AcceleratorReadings readings_of(const GpuReading& gpu, std::string_view driver);

// The latest limits::kXidsPerDevice numbers that GPU had, the latest first. Pure.
std::vector<XidCount> latest_xids(const std::map<XidKey, XidWatch::Count>& counts, std::string_view pci_bus_id, Instant now);

}  // namespace assay::agent
