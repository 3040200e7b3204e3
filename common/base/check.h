// SPDX-License-Identifier: Apache-2.0
// ASSAY_CHECK: an assertion about our own code, on in every build. A failure prints file, line and condition and
// aborts; the service manager restarts the process, and nothing is lost because durable writes come first.
#pragma once

namespace assay {

// Prints "check failed: CONDITION at FILE:LINE" to stderr and aborts. Async-signal-safe.
[[noreturn]] void check_failed(const char* condition, const char* file, int line);

}  // namespace assay

#define ASSAY_CHECK(condition)                                             \
  (static_cast<bool>(condition) ? static_cast<void>(0)                     \
                                : ::assay::check_failed(#condition, __FILE__, __LINE__))
