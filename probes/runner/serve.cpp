// SPDX-License-Identifier: Apache-2.0
#include "probes/runner/serve.h"

#include <poll.h>

#include <array>
#include <cerrno>

#include "common/base/log.h"
#include "probes/runner/exit_codes.h"

namespace assay::probes {
namespace {

// Waits for a request; false when it is time to stop.
bool wait_for_request(int fd, const StopWatch& watch) {
  std::array<pollfd, 2> waiting{pollfd{fd, POLLIN, 0}, pollfd{watch.descriptor(), POLLIN, 0}};
  while (::poll(waiting.data(), waiting.size(), -1) < 0) {
    if (errno != EINTR) return false;
  }
  return waiting[0].revents != 0 && !watch.stopped();
}

int fail(const Error& error, int code) {
  log::error("runner: {}", error.message);
  return code;
}

}  // namespace

int serve(int fd, const StopWatch& watch, const Responder& responder, const IsSpent& is_spent) {
  while (wait_for_request(fd, watch)) {
    const auto frame = read_frame(fd);
    if (!frame) return fail(frame.error(), frame.error().code == ErrorCode::kLimit ? kExitData : kExitUnavailable);
    if (!frame->has_value()) return kExitFine;
    const auto request = decode_request(**frame);
    if (!request) return fail(request.error(), kExitData);
    const Status sent = write_frame(fd, responder(*request));
    if (sent && is_spent && is_spent()) return kExitSpent;
    if (!sent) return watch.stopped() ? kExitFine : fail(sent.error(), kExitUnavailable);
  }
  return kExitFine;
}

}  // namespace assay::probes
