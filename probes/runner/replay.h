// SPDX-License-Identifier: Apache-2.0
// Runs a computation of the site's own, a program that the agent's configuration names, as a probe is run: one pinned thread a unit, idle
// priority, a deadline, bounded output. It has no golden, so it never matches or mismatches here: its digests are compared by the collector.
#pragma once

#include <sys/types.h>

#include "probes/runner/protocol.h"

namespace assay::probes {

struct ReplayOptions {
  bool idle_priority = true;
  uid_t trusted_owner = 0;    // beside root, of the program and the directories above it
  int cancel_fd = -1;         // readable: the slice ends at once (StopWatch::descriptor)
};

// Never fails. A unit with a complete run is inconclusive for kNoGolden and carries its fold; a program that is not trusted is kUnsupported, one
// that overran its time kHang, one that ended badly kCrash, one that answered nonsense or could not tell kNotExecuted. `detail` says more, `variant`
// names the build of the program. The program is started without a shell, with an empty environment but for PATH and LC_ALL, on the CPU of the unit, and killed with
// its process group.
RunResult run_replay(const RunRequest& request, const ReplayOptions& options);

}  // namespace assay::probes
