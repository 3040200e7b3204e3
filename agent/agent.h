// SPDX-License-Identifier: Apache-2.0
// The agent itself: one poll loop on the main thread that alone changes state. It asks the cores what to do, has runners do it, and hands what came
// of it to spool, collector, metrics and local socket.
#pragma once

#include <poll.h>

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "agent/collector_link.h"
#include "agent/config.h"
#include "agent/core/backend_watch.h"
#include "agent/core/device_choice.h"
#include "agent/core/report_batch.h"
#include "agent/device_lane.h"
#include "agent/discovery.h"
#include "agent/gpu_intake.h"
#include "agent/local_socket.h"
#include "agent/metrics.h"
#include "agent/outbox.h"
#include "agent/telemetry/telemetry.h"
#include "common/base/clock.h"
#include "common/base/fs_root.h"

namespace assay::agent {

// Threads: main (this), uplink, telemetry, and the metrics server's. Signals must be blocked before start(): SIGTERM and SIGINT stop the agent within
// ten seconds, SIGHUP reloads the configuration.
class Agent {
 public:
  static constexpr char kGpuIntakeKey[] = "gpu_intake";   // of its memory in the spool

  // Takes the state directory, checks the goldens, finds the devices, opens spool, metrics and socket. An error is one line for the operator; its
  // code says whether trying again can help (kUnavailable, kTimeout, kConflict) or the configuration must change.
  static Result<std::unique_ptr<Agent>> start(Config config, std::filesystem::path config_file, const Clock& clock, FsRoot root);
  ~Agent();

  // Until a signal ends it. The process's exit code. When it returns false in `clean`, a thread is stuck in a system call and the process must end
  // without waiting for it.
  struct Ending {
    int exit_code = 0;
    bool clean = true;
  };
  Ending run();

 private:
  Agent(Config config, std::filesystem::path config_file, std::string node, const Clock& clock, FsRoot root);

  // agent_start.cpp
  Status open_state();
  Status load_probes();
  Status load_replays();
  Status open_gpu_intake();
  Status open_services();
  void restore(DeviceLane& lane, Instant now);
  static uint64_t random_seed();
  SchedulerOptions scheduler_options() const;
  RunnerOptions runner_options(const std::string& device_id) const;
  LinkOptions link_options() const;
  std::filesystem::path runner_path() const;
  std::vector<std::unique_ptr<Reader>> readers(const std::vector<Device>& devices) const;

  // agent_backends.cpp
  Status open_devices();
  DiscoveryOptions discovery_options(const std::string& backend) const;
  Result<std::vector<FoundDevice>> find_devices(std::vector<probes::ProbeVariant>& variants);
  void note_answer(const std::string& backend, const Result<Discovered>& answer, Instant now);
  void ask_backend(const std::string& backend, Instant now);
  void advance_backends(Instant now);
  void add_devices(const std::string& backend, Discovered found, Instant now);
  Status open_lane(const FoundDevice& found, const std::vector<probes::ProbeVariant>& variants, uint64_t seed, Instant now);
  const std::vector<ProbeSpec>& probes_for(const FoundDevice& found, const std::vector<probes::ProbeVariant>& variants);
  void warn_of_missing_goldens(size_t first_lane) const;

  // agent.cpp
  void turn(Instant now);
  MonoTime wake_at(Instant now) const;
  void wait(MonoTime until, Instant now);
  void take_signals();
  void absorb(const LaneTurn& turn);
  void take_gpu_news(Instant now);
  void take_findings(const News& news, Instant now);
  void tell(const News& news);
  void obey(const Command& command, Instant now);
  void serve_local(Instant now);
  void answer_run(const LocalRequest& request, Instant now);
  void reload(Instant now);
  void reload_goldens();
  bool stop();

  // agent_report.cpp
  void build_reports(Instant now);
  void build_report(ReportBatch::Content content, Instant now);
  SpoolState changed_memory(bool coverage_too);
  std::map<std::string, uint64_t> skips_since_last();
  DeviceStatus status_of(const DeviceLane& lane, Instant now) const;
  std::shared_ptr<const MetricsSnapshot> snapshot(Instant now) const;

  Config config_;
  std::filesystem::path config_file_;
  std::string node_;
  const Clock& clock_;
  FsRoot root_;
  WallTime started_;
  std::string boot_id_;
  UniqueFd state_lock_;
  UniqueFd signals_;
  std::vector<ProbeSpec> probes_;                                   // of cores: the catalogue's and the site's own
  std::map<std::string, std::vector<ProbeSpec>> device_probes_;     // of each accelerator, by id
  std::map<std::string, std::string> backend_of_;                   // by device id
  std::vector<FoundDevice> chosen_;
  BackendWatch backend_watch_;
  std::map<std::string, Discovery> asked_;                          // by backend: asked now, or killed and still held by the kernel
  std::optional<std::string> asking_;                               // whose answer is waited for
  std::shared_ptr<const probes::GoldenSet> goldens_;
  std::vector<std::unique_ptr<DeviceLane>> lanes_;
  std::map<const DeviceLane*, std::vector<uint64_t>> run_clients_;   // local clients that wait for a run, oldest first
  std::unique_ptr<Outbox> outbox_;
  std::unique_ptr<CollectorLink> link_;
  std::unique_ptr<Telemetry> telemetry_;
  std::unique_ptr<GpuIntake> gpu_intake_;
  std::unique_ptr<Metrics> metrics_;
  std::unique_ptr<LocalSocket> socket_;
  ReportBatch batch_;
  RunCounters counters_;
  std::map<std::string, uint64_t> skips_reported_;
  std::map<std::string, std::string> stored_memory_;                // by key: what the spool has
  LaneView view_;
  bool memory_changed_ = false;
  bool publish_ = true;
  bool stop_asked_ = false;
  bool reload_asked_ = false;
  std::optional<Duration> watchdog_;
  MonoTime next_watchdog_;
  MonoTime next_save_;
  MonoTime next_retry_;
  MonoTime next_offers_;                                            // are told to the collector
};

}  // namespace assay::agent
