// SPDX-License-Identifier: Apache-2.0
// Answers requests for one accelerator: loads its backend and opens it with the first request, so that a runner that waits holds nothing of it.
#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "probes/backend/device/device_frame.h"
#include "probes/runner/options.h"
#include "probes/runner/protocol.h"

namespace assay::probes {

// What --device, --allow-injection and the like mean to a backend.
device::OpenOptions open_options(const RunnerOptions& options);

// One thread.
class DeviceResponder {
 public:
  DeviceResponder(RunnerOptions options, int stop_descriptor) : options_(std::move(options)), stop_descriptor_(stop_descriptor) {}

  // Never fails: a device that cannot be opened is inconclusive, with words.
  RunResult run(const RunRequest& request, const std::atomic<bool>& stop);
  // This process can do no more with the device: answer, and end.
  bool is_lost() const { return lost_ || (frame_ && frame_->is_lost()); }

 private:
  Status open();

  RunnerOptions options_;
  int stop_descriptor_;
  device::HostWords expected_;
  std::unique_ptr<device::Accelerator> accelerator_;
  std::unique_ptr<device::DeviceFrame> frame_;
  bool lost_ = false;
};

}  // namespace assay::probes
