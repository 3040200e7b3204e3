// SPDX-License-Identifier: Apache-2.0
// The one thread that owns the rules and the store. It takes jobs from a bounded queue, applies a group of them in one
// transaction, commits, and only then answers; so an acknowledgement always means "durable". When a commit fails nobody is
// acknowledged, and the rules are loaded again from what the store holds.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "collector/writer/fleet_snapshot.h"
#include "collector/writer/job.h"
#include "common/base/bounded_queue.h"

namespace assay::collector {

struct WriterOptions {
  size_t queue_jobs = 4096;                                   // waiting at most; what is over is refused at once
  size_t group_jobs = 256;                                    // of one transaction at most
  Duration tick{std::chrono::seconds{1}};
  Duration publish{std::chrono::milliseconds{500}};           // between two snapshots, unless a decision was made
  Duration prune{std::chrono::seconds{60}};
  Duration retry{std::chrono::seconds{1}};                    // after a failed commit: until then jobs are refused untried
};

// Upper bounds of the buckets of commit durations (seconds); the last bucket is open.
inline constexpr std::array<double, 9> kCommitBuckets = {0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 1.0};

struct WriterCounters {
  uint64_t commits = 0;
  uint64_t commits_failed = 0;
  uint64_t jobs = 0;
  uint64_t jobs_refused = 0;          // queue full, stopping, or not committed
  double commit_seconds = 0;          // sum
  std::array<uint64_t, kCommitBuckets.size() + 1> commit_buckets{};   // not cumulative
  uint64_t queue_depth = 0;
};

// Public functions are thread-safe.
class Writer {
 public:
  // Called on the writer thread after each commit with everything the rules did: starts hooks, logs.
  using Committed = std::function<void(const std::vector<Action>&, const FleetState&)>;

  // `book` and `clock` must outlive the writer. Loads the state; kUnavailable or kCorrupt when the store cannot give it.
  static Result<std::unique_ptr<Writer>> open(Store store, const ProbeBook& book, PolicyOptions policy, Retention retention,
                                              const Clock& clock, WriterOptions options, Committed committed);
  ~Writer();  // stop()
  // Starts the thread; `committed` may be called from here on. Once.
  void start();

  // Refuses the job itself (kUnavailable), on the calling thread, when the queue is full or the writer has stopped.
  void submit(Job job);
  // Applies what is queued, then ends the thread. Jobs that come later are refused.
  void stop();

  void set_policy(PolicyOptions policy);
  void set_retention(Retention retention);

  std::shared_ptr<const FleetSnapshot> snapshot() const { return snapshot_.get(); }
  WriterCounters counters() const;
  // Why nothing can be stored now; absent when the last commit went well.
  std::optional<std::string> trouble() const;
  // When the thread last went round its loop: a watchdog's proof of life.
  MonoTime last_beat() const { return MonoTime(Duration(last_beat_ns_.load(std::memory_order_relaxed))); }

 private:
  Writer(Store store, const ProbeBook& book, PolicyOptions policy, Retention retention, const Clock& clock, WriterOptions options,
         Committed committed);

  void loop();
  void beat();
  Status reload();
  std::vector<Job> collect();
  Job tick_job();
  void run_group(const std::vector<Job>& jobs);
  Result<std::vector<Answer>> apply_group(const std::vector<Job>& jobs, std::vector<Action>& actions);
  bool usable();
  void failed(const Error& error);
  void refuse(const std::vector<Job>& jobs, const Error& error);
  void count_commit(Duration took);
  void publish(bool decided);
  void prune_when_due();
  void adopt_settings();

  Store store_;
  const ProbeBook& book_;
  const Clock& clock_;
  const WriterOptions options_;
  const Committed committed_;
  Published<FleetSnapshot> snapshot_;
  BoundedQueue<Job> queue_;

  // Of the writer thread alone.
  std::unique_ptr<FleetCore> core_;         // none: to be loaded again before the next job
  PolicyOptions policy_;
  MonoTime next_tick_{};
  MonoTime next_publish_{};
  MonoTime next_prune_{};
  MonoTime next_try_{};                     // after a failure

  mutable std::mutex mutex_;                // of what follows
  WriterCounters counters_;
  std::optional<std::string> trouble_;
  std::optional<PolicyOptions> new_policy_;
  Retention retention_;

  std::atomic<int64_t> last_beat_ns_{0};
  std::thread thread_;
};

}  // namespace assay::collector
