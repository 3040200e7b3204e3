// SPDX-License-Identifier: Apache-2.0
// What the runner can say without computing: the devices of a backend on this machine, and the probes that they run or why not.
#pragma once

#include <string>
#include <vector>

#include "probes/runner/options.h"
#include "probes/runner/protocol.h"

namespace assay::probes {

struct Inventory {
  std::vector<Device> devices;
  std::vector<ProbeVariant> variants;   // by device; of each probe the strongest first
  std::string remark;                   // why there are no devices, or why one tells no variants; "" otherwise
};

// The devices of options.backend, or the one of options.device alone. A backend whose library or driver is not installed has none. An accelerator that
// cannot be opened now has no variants. kUnavailable, kCorrupt or kUnsupported: the library or its driver fails.
Result<Inventory> take_inventory(const RunnerOptions& options);

// --discover: a table on stdout, and two frames, devices and variants, on descriptor 3 when that is a socket, pipe or file; with
// --encoded only the frames, on stdout. The exit code.
int print_devices(const RunnerOptions& options);

// --list: one line a probe with its variants, the one that would be used marked with a star; of a backend one line a device and probe. The exit code.
int print_probes(const RunnerOptions& options);

}  // namespace assay::probes
