// SPDX-License-Identifier: Apache-2.0
// The CPU sockets of this machine as devices, and their cores as units, from /sys and /proc.
#pragma once

#include <string>
#include <vector>

#include "common/base/fs_root.h"
#include "common/model/device.h"

namespace assay::probes::host {

struct IdentityOptions {
  std::string node_name;             // a valid name (is_valid_name); part of the id where the hardware has no serial number
  bool synthetic_identity = false;   // never use the hardware's: several agents on one machine must not share a device
};

// One device a socket that has a usable core, by socket number; at most limits::kDevicesPerNode. One unit a physical core: its first
// hyper-thread that is online and in the cpuset of this process, ascending. The id is "cpu-ppin-<16 hex digits>" where the kernel tells
// the protected processor inventory number (root only, Linux 5.18, Intel and AMD servers), else "cpu-<node name>-s<socket>".
// Empty when neither /sys nor /proc tells of any CPU.
std::vector<Device> discover_host(const FsRoot& root, const IdentityOptions& options);

}  // namespace assay::probes::host
