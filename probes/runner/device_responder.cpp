// SPDX-License-Identifier: Apache-2.0
#include "probes/runner/device_responder.h"

#include "probes/backend/device/backend_library.h"
#include "probes/backend/host/pinning.h"
#include "probes/backend/refusal.h"

namespace assay::probes {

device::OpenOptions open_options(const RunnerOptions& options) {
  device::OpenOptions open;
  open.allow_injection = true;  // controls plant faults as well; the frame sees to it that nothing else does without --allow-injection
  open.allow_mps = options.allow_mps;
  open.new_architecture = options.new_architecture;
  return open;
}

Status DeviceResponder::open() {
  if (options_.idle_priority) host::use_idle_priority();
  const device::Backend* backend = TRY(device::load_backend(options_.backend, device::backend_folders(options_.backend_dir)));
  accelerator_ = TRY(backend->open(options_.device, open_options(options_)));
  device::DeviceFrameOptions frame;
  frame.allow_injection = options_.allow_injection;
  frame.stop_descriptor = stop_descriptor_;
  frame_ = std::make_unique<device::DeviceFrame>(*accelerator_, expected_, frame);
  return {};
}

RunResult DeviceResponder::run(const RunRequest& request, const std::atomic<bool>& stop) {
  if (!frame_) {
    if (const Status opened = open(); !opened) {
      // A driver that failed once may have left this process half initialised.
      lost_ = opened.error().code == ErrorCode::kUnavailable;
      return refused(request, {device::reason_of(opened.error()), opened.error().in(options_.device).message});
    }
  }
  return frame_->run(request, stop);
}

}  // namespace assay::probes
