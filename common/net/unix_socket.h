// SPDX-License-Identifier: Apache-2.0
// One request line, one reply: the local socket between an agent and the tools of its node. Access is by file
// permissions.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "common/base/clock.h"
#include "common/base/file.h"
#include "common/base/result.h"

namespace assay::net {

// A listening SOCK_STREAM socket, non-blocking, mode 0660; replaces a stale socket file that nobody listens on.
Result<UniqueFd> listen_unix(const std::filesystem::path& path);
// Connects, sends the line, reads until end of file; kUnavailable when nobody listens, kTimeout, kLimit over 4 MiB.
Result<std::string> call_unix(const std::filesystem::path& path, std::string_view line, Duration timeout);

}  // namespace assay::net
