// SPDX-License-Identifier: Apache-2.0
// Who a device is: its id in the fleet, its cohort, its units; and which of two that drivers list are one piece of silicon. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/model/device.h"
#include "probes/backend/opencl/device_facts.h"

namespace assay::probes::opencl {

// "ocl-" and 16 hexadecimal digits of a hash of vendor, name, node, and PCI address or UUID or, without both, platform and index. The node is always
// part of it: drivers make these UUIDs from the slot, so that the first device of every node would have the same. Hence identity_is_hardware is false.
Device device_of(const DeviceFacts& facts, std::string_view node_name);

// Why a device is not listed though a driver offers it, in words; "" when it is. `before` are those already listed: of one PCI address or UUID the
// first is taken, and of CPUs, which have neither, those of the first platform alone. NVIDIA's are the CUDA backend's.
std::string why_not_listed(const DeviceFacts& facts, const std::vector<DriverDevice>& before);

}  // namespace assay::probes::opencl
