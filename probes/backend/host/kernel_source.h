// SPDX-License-Identifier: Apache-2.0
// Where the frame gets its kernels from: the catalogue and the table of this build, or what a test supplies.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "common/model/probe_spec.h"
#include "probes/backend/host/kernel.h"

namespace assay::probes::host {

// Implementations are immutable and safe to share between threads.
class KernelSource {
 public:
  struct Choice {
    std::string variant;                              // "avx2"
    std::function<std::unique_ptr<Kernel>(const KernelSite&)> make;  // nullptr or std::bad_alloc when memory is short
    uint32_t cpus_needed = 1;                         // of the device
  };

  virtual ~KernelSource() = default;
  // nullptr when there is no probe of that id.
  virtual const ProbeSpec* spec(std::string_view probe_id) const = 0;
  // The named variant, or the strongest one for ""; absent when this build or this CPU does not have it.
  virtual std::optional<Choice> choose(std::string_view probe_id, std::string_view variant) const = 0;
};

// The catalogue and kernels() of this build.
const KernelSource& built_in_kernels();

}  // namespace assay::probes::host
