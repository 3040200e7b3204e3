// SPDX-License-Identifier: Apache-2.0
// The request loop of the runner: one request, one answer, until the end of file.
#pragma once

#include <functional>
#include <string>

#include "probes/runner/protocol.h"
#include "probes/runner/stop_watch.h"

namespace assay::probes {

// Makes the bytes of the answer to a request.
using Responder = std::function<std::string(const RunRequest&)>;

// Whether the process has had its day: nothing can be computed in it any more.
using IsSpent = std::function<bool()>;

// Serves `fd` on the calling thread and returns the exit code of the process. A request that cannot be decoded ends it: whoever sent
// it is of another release or broken, and what would follow cannot be trusted. Costs nothing while it waits.
// After an answer `is_spent`, where there is one, may end it with kExitSpent: whoever asks next starts another.
int serve(int fd, const StopWatch& watch, const Responder& responder, const IsSpent& is_spent = {});

}  // namespace assay::probes
