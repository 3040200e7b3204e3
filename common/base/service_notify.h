// SPDX-License-Identifier: Apache-2.0
// Words from a daemon to its service manager: ready, reloading, stopping, alive. The datagram protocol of sd_notify(3),
// spoken by hand so that no daemon links libsystemd; outside a service manager every call is a quiet success.
#pragma once

#include <optional>
#include <string_view>

#include "common/base/clock.h"
#include "common/base/result.h"

namespace assay {

// Sends newline-separated assignments ("READY=1", "WATCHDOG=1", "STOPPING=1") to the socket named by NOTIFY_SOCKET, a path
// or an abstract name after '@'. Fine when the variable is not set; kInvalid or kUnavailable when the socket cannot take it.
// Reads the environment: any thread, as long as nobody changes it.
Status notify_service(std::string_view state);

// How often the service manager expects WATCHDOG=1 (WATCHDOG_USEC): send it at half this interval. Absent when no watchdog
// is set, when the value is not a positive number, or when WATCHDOG_PID names another process.
std::optional<Duration> watchdog_interval();

}  // namespace assay
