// SPDX-License-Identifier: Apache-2.0
// assay-agent: the daemon of one node. It never computes a probe and never calls a driver; assay-probe-runner does.
#include <malloc.h>
#include <signal.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <string>

#include <CLI/CLI.hpp>
#include "assay_version.h"
#include <fmt/format.h>

#include "agent/agent.h"
#include "agent/config.h"
#include "common/base/log.h"

namespace {

constexpr int kExitUsage = 64;
constexpr int kExitUnavailable = 69;
constexpr int kExitConfig = 78;

// Whether starting again, later, may help.
int exit_code_of(const assay::Error& error) {
  switch (error.code) {
    case assay::ErrorCode::kUnavailable:
    case assay::ErrorCode::kTimeout:
    case assay::ErrorCode::kConflict:
    case assay::ErrorCode::kInternal: return kExitUnavailable;
    default: return kExitConfig;
  }
}

int fail(const assay::Error& error, int code) {
  assay::log::error("{}", error.message);
  return code;
}

// Signals go to the main loop's descriptor; every thread inherits the mask.
void block_signals() {
  sigset_t blocked;
  ::sigemptyset(&blocked);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) ::sigaddset(&blocked, signal);
  ::sigprocmask(SIG_BLOCK, &blocked, nullptr);
  ::signal(SIGPIPE, SIG_IGN);
}

int run(const std::filesystem::path& file, bool check_only) {
  auto config = assay::agent::load_config(file);
  if (!config.ok()) return fail(config.error(), kExitConfig);
  if (check_only) {
    const auto node = assay::agent::node_name(*config);
    if (!node.ok()) return fail(node.error(), kExitConfig);
    fmt::print("{}: fine (node {})\n", file.string(), *node);
    return 0;
  }
  assay::log::set_level(config->log_level);
  const assay::SystemClock clock;
  auto agent = assay::agent::Agent::start(std::move(*config), file, clock, assay::FsRoot());
  if (!agent.ok()) return fail(agent.error(), exit_code_of(agent.error()));
  const auto ending = (*agent)->run();
  // A thread that is stuck in the kernel must not keep the node from shutting down; all that is durable has been written.
  if (!ending.clean) ::_exit(ending.exit_code);
  return ending.exit_code;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"assay-agent: finds cores of this machine that compute wrong, and reports them to its collector."};
  std::filesystem::path file = "/etc/assay/agent.toml";
  bool check_only = false;
  app.add_option("--config", file, "configuration file (docs/reference/agent-config.md)");
  app.add_flag("--check-config", check_only, "check the configuration and end: 0 fine, 78 not");
  app.set_version_flag("--version", fmt::format("assay-agent {}", assay::kVersion));
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& problem) {
    return app.exit(problem) == 0 ? 0 : kExitUsage;
  }
  ::mallopt(M_ARENA_MAX, 2);  // few threads, little data: many arenas would only cost memory
  block_signals();
  return run(std::filesystem::absolute(file), check_only);
}
