// SPDX-License-Identifier: Apache-2.0
// What the runner does to its own process before it computes: no core dumps, no memory readable by others of the same user, first to
// go when memory is short, gone with its parent.
#pragma once

namespace assay::probes {

// Best effort, in the order the kernel needs: the files under /proc/self belong to root once a process is not dumpable.
void isolate_process();

}  // namespace assay::probes
