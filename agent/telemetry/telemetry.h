// SPDX-License-Identifier: Apache-2.0
// Samples all readers at an interval on a thread of its own, because a file of a sick device may block for seconds, and publishes the latest
// sample.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "agent/core/gpu_facts.h"
#include "agent/telemetry/reader.h"

namespace assay::agent {

// What one reader gave at one sample.
struct ReaderReport {
  std::string name;
  bool present = false;      // false: no such source on this machine, and nothing below means anything
  bool success = false;
  Duration took{};
  std::string problem;       // one line, "" when fine
  std::vector<Reading> readings;
};

struct TelemetrySample {
  MonoTime at;
  std::vector<ReaderReport> readers;
  std::shared_ptr<const GpuSample> gpus;   // absent when no GPU was read this time
  NvmlReaderFacts nvml;
};

// Every reader of the kernel's files, in the order of docs/reference/metrics-agent.md.
std::vector<std::unique_ptr<Reader>> all_readers(const std::vector<Device>& devices);
// Runs each once.
TelemetrySample sample(std::vector<std::unique_ptr<Reader>>& readers, const FsRoot& root, const Clock& clock);
// The conditions of a device in a sample; what it does not tell is absent. Temperature is the hottest sensor of a socket's chip, and that of a GPU's
// core; clock of a GPU is that of its SMs.
Conditions conditions_of(const TelemetrySample& sample, const Device& device);

// Thread-safe. Sampling begins at construction.
class Telemetry {
 public:
  Telemetry(std::vector<std::unique_ptr<Reader>> readers, FsRoot root, const Clock& clock, Duration interval);
  Telemetry(const Telemetry&) = delete;
  Telemetry& operator=(const Telemetry&) = delete;
  ~Telemetry();

  // Empty until the first sample is complete.
  std::shared_ptr<const TelemetrySample> latest() const;
  void set_interval(Duration interval);
  // Ends the thread; false when a reader still blocks after `patience` (then the process should end without waiting for it).
  bool stop(Duration patience);

 private:
  void run();

  std::vector<std::unique_ptr<Reader>> readers_;   // the thread's, but for cancel()
  const FsRoot root_;
  const Clock& clock_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  Duration interval_;
  std::shared_ptr<const TelemetrySample> latest_;
  bool stopping_ = false;
  bool ended_ = false;
  std::thread thread_;
};

}  // namespace assay::agent
