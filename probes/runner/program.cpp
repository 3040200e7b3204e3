// SPDX-License-Identifier: Apache-2.0
#include "probes/runner/program.h"

#include <fcntl.h>

#include <cstdio>
#include <string>

#include <fmt/format.h>

#include "assay_version.h"
#include "common/base/log.h"
#include "probes/backend/device/backend_library.h"
#include "probes/backend/host/frame.h"
#include "probes/runner/device_responder.h"
#include "probes/runner/exit_codes.h"
#include "probes/runner/inventory.h"
#include "probes/runner/isolate.h"
#include "probes/runner/options.h"
#include "probes/runner/replay.h"
#include "probes/runner/self_test.h"

namespace assay::probes {
namespace {

int serve_device(const RunnerOptions& options, const StopWatch& watch, const WrapResponder& wrap) {
  DeviceResponder responder(options, watch.descriptor());
  const Responder compute = [&](const RunRequest& request) { return encode(responder.run(request, watch.stopped())); };
  return serve(kRunnerDescriptor, watch, wrap(compute), [&] { return responder.is_lost(); });
}

int run_server(const RunnerOptions& options, const WrapResponder& wrap) {
  if (::fcntl(kRunnerDescriptor, F_GETFD) < 0) {
    log::error("runner: descriptor {} is not open: assay-agent starts this program; see --help", kRunnerDescriptor);
    return kExitUsage;
  }
  // It came open across exec; children of ours (replays) must not have it.
  if (::fcntl(kRunnerDescriptor, F_SETFD, FD_CLOEXEC) < 0) {
    log::error("runner: descriptor {}: {}", kRunnerDescriptor, errno_error(errno, "F_SETFD").message);
    return kExitUnavailable;
  }
  isolate_process();
  const auto watch = StopWatch::start(kRunnerDescriptor);
  if (!watch) {
    log::error("runner: {}", watch.error().message);
    return kExitUnavailable;
  }
  if (options.backend != device::kHostBackend) return serve_device(options, **watch, wrap);
  host::FrameOptions frame_options;
  frame_options.allow_injection = options.allow_injection;
  frame_options.idle_priority = options.idle_priority;
  frame_options.fs_root = FsRoot(options.fs_root);
  frame_options.stop_descriptor = (*watch)->descriptor();
  const host::Frame frame(host::built_in_kernels(), frame_options);
  const StopWatch& watching = **watch;
  const ReplayOptions replays{.idle_priority = options.idle_priority, .cancel_fd = watching.descriptor()};
  const Responder compute = [&](const RunRequest& request) {
    return encode(request.replay ? run_replay(request, replays) : frame.run(request, watching.stopped()));
  };
  return serve(kRunnerDescriptor, watching, wrap(compute));
}

}  // namespace

int run_program(std::span<const std::string_view> arguments, const WrapResponder& wrap) {
  const auto options = parse_options(arguments);
  if (!options) {
    log::error("assay-probe-runner: {}", options.error().message);
    return kExitUsage;
  }
  switch (options->mode) {
    case RunnerOptions::Mode::kHelp:
      std::fputs(std::string(help_text()).c_str(), stdout);
      return kExitFine;
    case RunnerOptions::Mode::kVersion:
      std::fputs(fmt::format("assay-probe-runner {}\n", kVersion).c_str(), stdout);
      return kExitFine;
    case RunnerOptions::Mode::kDiscover:
      return print_devices(*options);
    case RunnerOptions::Mode::kList:
      return print_probes(*options);
    case RunnerOptions::Mode::kSelfTest:
      return run_self_test(*options);
    case RunnerOptions::Mode::kServe:
      break;
  }
  return run_server(*options, wrap);
}

}  // namespace assay::probes
