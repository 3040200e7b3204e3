// SPDX-License-Identifier: Apache-2.0
#include <pthread.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <optional>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <poll.h>

#include "assay_version.h"
#include "collector/collector.h"
#include "collector/config.h"
#include "common/base/log.h"
#include "common/base/service_notify.h"

namespace assay::collector {
namespace {

// Exit codes: docs/reference/exit-codes.md.
constexpr int kExitUsage = 64;
constexpr int kExitUnavailable = 69;
constexpr int kExitConfig = 78;

constexpr Duration kShutdownPatience = std::chrono::seconds{5};    // for answers under way; the rest takes less than another 5
constexpr Duration kMaintenance = std::chrono::hours{1};
constexpr char kDefaultConfig[] = "/etc/assay/collector.toml";

void notify(std::string_view state) {
  if (const Status sent = notify_service(state); !sent.ok()) log::warning("{}", sent.error().message);
}

// The signals the main thread waits for; blocked in all threads, which inherit the mask.
Result<UniqueFd> block_signals() {
  ::signal(SIGPIPE, SIG_IGN);   // a hook that does not read its input must not end the collector
  sigset_t wanted;
  ::sigemptyset(&wanted);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) ::sigaddset(&wanted, signal);
  ::pthread_sigmask(SIG_BLOCK, &wanted, nullptr);
  UniqueFd fd(::signalfd(-1, &wanted, SFD_CLOEXEC | SFD_NONBLOCK));
  if (!fd.valid()) return errno_error(errno, "signalfd");
  return fd;
}

void reload(Collector& collector, const std::string& path) {
  notify("RELOADING=1");
  const auto config = load_config(path);
  if (config.ok()) {
    collector.reload(*config);
  } else {
    log::error("not reloaded: {}", config.error().message);
  }
  notify("READY=1");
}

// Waits for signals until one of them says stop; feeds the watchdog and does the hourly chores in between.
void serve(Collector& collector, const UniqueFd& signals, const std::string& config_path, const Clock& clock) {
  const std::optional<Duration> watchdog = watchdog_interval();
  const Duration round = watchdog ? *watchdog / 2 : kMaintenance;
  MonoTime next_maintenance = clock.now().mono + kMaintenance;
  for (;;) {
    pollfd waiting{signals.get(), POLLIN, 0};
    const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(std::min(round, kMaintenance)).count();
    if (::poll(&waiting, 1, static_cast<int>(ms)) < 0 && errno != EINTR) return;
    signalfd_siginfo info{};
    while (::read(signals.get(), &info, sizeof info) == static_cast<ssize_t>(sizeof info)) {
      if (info.ssi_signo != SIGHUP) return;
      reload(collector, config_path);
    }
    if (watchdog && collector.alive()) notify("WATCHDOG=1");
    if (clock.now().mono >= next_maintenance) {
      next_maintenance = clock.now().mono + kMaintenance;
      collector.maintain();
    }
  }
}

int run(const Config& config, const std::string& config_path) {
  log::set_level(config.log_level);
  const SystemClock clock;
  const auto signals = block_signals();
  if (!signals.ok()) {
    log::error("{}", signals.error().message);
    return kExitUnavailable;
  }
  auto collector = Collector::start(config, clock);
  if (!collector.ok()) {
    log::error("{}", collector.error().message);
    const bool fixed_by_config = collector.error().code == ErrorCode::kInvalid || collector.error().code == ErrorCode::kPermission;
    return fixed_by_config ? kExitConfig : kExitUnavailable;
  }
  log::notice("assay-collector {} listens on https://{}:{}, mode {}", kVersion, config.address, (*collector)->port(), to_string(config.policy.mode));
  notify("READY=1");
  serve(**collector, *signals, config_path, clock);
  notify("STOPPING=1");
  log::notice("stopping");
  (*collector)->stop(kShutdownPatience);
  return 0;
}

int parse_and_run(int argc, char** argv) {
  CLI::App app("assay-collector: takes the reports of agents, checks them again, decides, and serves operators.\n"
               "Manual: docs/reference/collector-config.md",
               "assay-collector");
  std::string config_path = kDefaultConfig;
  bool check_only = false;
  app.add_option("-c,--config", config_path, "configuration file")->capture_default_str();
  app.add_flag("--check-config", check_only, "check the configuration file and exit: 0 when it is fine, 78 when it is not");
  app.set_version_flag("--version", fmt::format("assay-collector {}", kVersion));
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& problem) {
    if (problem.get_exit_code() == 0) return app.exit(problem);   // --help, --version
    fmt::print(stderr, "assay-collector: {}; see assay-collector --help\n", problem.what());
    return kExitUsage;
  }
  const auto config = load_config(config_path);
  if (!config.ok()) {
    fmt::print(stderr, "assay-collector: {}\n", config.error().message);
    return kExitConfig;
  }
  if (check_only) {
    fmt::print("{}: fine\n", config_path);
    return 0;
  }
  return run(*config, config_path);
}

}  // namespace
}  // namespace assay::collector

int main(int argc, char** argv) { return assay::collector::parse_and_run(argc, argv); }
