// SPDX-License-Identifier: Apache-2.0
// The agent's /metrics (docs/reference/metrics-agent.md). The main loop publishes snapshots; scrapes read the latest one. Absent means no series.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "agent/collector_link.h"
#include "agent/core/backend_watch.h"
#include "agent/core/device_watch.h"
#include "agent/gpu_intake.h"
#include "agent/outbox.h"
#include "agent/runner_driver.h"
#include "agent/telemetry/telemetry.h"

namespace assay::agent {

struct DurationSum {
  uint64_t count = 0;
  double seconds = 0;
};

// Counters of results since the start of the agent.
struct RunCounters {
  // device, probe, precision, result. Real runs only: controls and drills are in `synthetic`.
  std::map<std::tuple<std::string, std::string, std::string, std::string>, uint64_t> runs;
  std::map<std::tuple<std::string, std::string, std::string>, uint64_t> synthetic;   // device, kind, result
  std::map<std::string, uint64_t> inconclusive;                                      // reason; real runs only
  std::map<std::pair<std::string, std::string>, DurationSum> durations;              // device, probe; all slices

  // A slice is counted by its runs: those that matched, those that did not, and one inconclusive for a unit that gave nothing.
  void count(const ProbeSpec& probe, const Observation& observation);
};

struct DeviceMetrics {
  DeviceStatus status;
  bool state_synthetic = false;
  uint64_t cells_unsupported = 0;
  std::vector<BinCoverage> bins;                  // those the device was ever seen in
  double probe_unit_seconds = 0;
  std::optional<double> probe_host_seconds;       // of accelerators
  ControlCounts controls;
  RunnerFacts runner;
  std::map<std::string, uint64_t> skips;
};

struct MetricsSnapshot {
  std::string version;
  WallTime started;
  Instant taken;
  std::vector<BackendFacts> backends{};
  std::vector<DeviceMetrics> devices;
  RunCounters counters;
  OutboxFacts outbox;
  LinkFacts link;
  std::shared_ptr<const TelemetrySample> telemetry;
  GpuIntakeFacts gpu_intake;
};

// Thread-safe.
class Metrics {
 public:
  // kUnavailable when the address is taken, kInvalid when it is none.
  static Result<std::unique_ptr<Metrics>> start(const std::string& address, uint16_t port, const Clock& clock);
  ~Metrics();

  void publish(std::shared_ptr<const MetricsSnapshot> snapshot);
  uint16_t port() const;

 private:
  class Impl;
  explicit Metrics(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// The exposition of a snapshot as a scrape at `now` would see it; for tests.
std::string render(const MetricsSnapshot& snapshot, Instant now);

}  // namespace assay::agent
