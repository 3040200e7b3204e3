// SPDX-License-Identifier: Apache-2.0
#include "probes/runner/isolate.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include "common/base/file.h"

namespace assay::probes {
namespace {

// LeakSanitizer reads its own process through ptrace, which a process that is not dumpable refuses.
#if defined(__SANITIZE_ADDRESS__)
constexpr bool kMayHideMemory = false;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
constexpr bool kMayHideMemory = false;
#else
constexpr bool kMayHideMemory = true;
#endif
#else
constexpr bool kMayHideMemory = true;
#endif

void volunteer_for_oom() {
  const UniqueFd file(::open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC));
  if (!file.valid()) return;
  [[maybe_unused]] const Status ignored = write_all(file.get(), "1000");
}

}  // namespace

void isolate_process() {
  volunteer_for_oom();
  ::signal(SIGPIPE, SIG_IGN);  // a replay that ends without reading its question must not take the runner along
  const rlimit no_core{0, 0};
  [[maybe_unused]] int ignored = ::setrlimit(RLIMIT_CORE, &no_core);
  ignored = ::prctl(PR_SET_NAME, "assay-runner", 0, 0, 0);
  ignored = ::prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
  if (kMayHideMemory) ignored = ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

}  // namespace assay::probes
