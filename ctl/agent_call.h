// SPDX-License-Identifier: Apache-2.0
// One question to the agent of this node over its local socket. Access is by the socket's file permissions.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "common/base/clock.h"
#include "common/base/result.h"

namespace assay::ctl {

// The agent's document. kUnavailable when nobody answers there or the agent refuses, kPermission when this user may not ask.
Result<std::string> call_agent(const std::filesystem::path& socket, std::string_view request, Duration timeout);

}  // namespace assay::ctl
