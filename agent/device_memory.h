// SPDX-License-Identifier: Apache-2.0
// What the agent remembers of a device over a restart, as bytes for the spool's state table.
#pragma once

#include <string>
#include <string_view>

#include "agent/core/device_watch.h"
#include "common/base/result.h"

namespace assay::agent {

std::string encode(const DeviceMemory& memory);
// kCorrupt when the bytes are not from encode() of this or an earlier release.
Result<DeviceMemory> decode_device_memory(std::string_view bytes);
// The key of a device in the state table.
std::string memory_key(const std::string& device_id);

}  // namespace assay::agent
