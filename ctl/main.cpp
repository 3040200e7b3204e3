// SPDX-License-Identifier: Apache-2.0
// assayctl: what operators and scripts use to ask the collector, the agent of this node and this machine itself.
#include <signal.h>
#include <unistd.h>

#include "ctl/command.h"

namespace {

assay::ctl::Environment read_environment() {
  assay::ctl::Environment environment;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    const size_t equals = text.find('=');
    if (equals != std::string_view::npos) environment.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  return environment;
}

}  // namespace

int main(int argc, char** argv) {
  ::signal(SIGPIPE, SIG_IGN);   // a reader that has gone, or a runner that died, is an error code here, not a death
  std::error_code ignored;
  assay::ctl::SystemConsole console;
  const assay::SystemClock clock;
  assay::ctl::SignalPause pause;
  assay::ctl::Shell shell{.console = console,
                          .clock = clock,
                          .pause = pause,
                          .environment = read_environment(),
                          .program = std::filesystem::read_symlink("/proc/self/exe", ignored)};
  return assay::ctl::run_command_line({argv + 1, argv + argc}, shell);
}
