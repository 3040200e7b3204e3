// SPDX-License-Identifier: Apache-2.0
#include "collector/writer/writer.h"

#include <pthread.h>

#include <algorithm>
#include <utility>

#include "common/base/log.h"

namespace assay::collector {
namespace {

constexpr size_t kPruneRounds = 8;   // batches of one transaction after the other, so that reports are not kept waiting

bool has_decision(const std::vector<Action>& actions) { return decision_in(actions) != nullptr; }

}  // namespace

Writer::Writer(Store store, const ProbeBook& book, PolicyOptions policy, Retention retention, const Clock& clock, WriterOptions options,
               Committed committed)
    : store_(std::move(store)),
      book_(book),
      clock_(clock),
      options_(options),
      committed_(std::move(committed)),
      snapshot_(FleetSnapshot{}),
      queue_(options.queue_jobs),
      policy_(std::move(policy)),
      retention_(retention) {}

Result<std::unique_ptr<Writer>> Writer::open(Store store, const ProbeBook& book, PolicyOptions policy, Retention retention,
                                             const Clock& clock, WriterOptions options, Committed committed) {
  std::unique_ptr<Writer> writer(
      new Writer(std::move(store), book, std::move(policy), retention, clock, options, std::move(committed)));
  TRY(writer->reload());
  writer->beat();
  writer->publish(true);
  return writer;
}

void Writer::start() {
  thread_ = std::thread([this] {
    ::pthread_setname_np(::pthread_self(), "assay-writer");
    loop();
  });
}

Writer::~Writer() { stop(); }

void Writer::submit(Job job) {
  if (queue_.try_push(std::move(job))) return;
  {
    const std::lock_guard lock(mutex_);
    ++counters_.jobs_refused;
  }
  // NOLINTNEXTLINE(bugprone-use-after-move): a push that fails leaves the job as it was
  job.refuse(make_error(ErrorCode::kUnavailable, queue_.closed() ? "the collector is stopping; try again in a minute"
                                                                 : "too many requests are waiting for the store; try again in a few seconds"));
}

void Writer::stop() {
  queue_.close();
  if (thread_.joinable()) thread_.join();
}

void Writer::set_policy(PolicyOptions policy) {
  const std::lock_guard lock(mutex_);
  new_policy_ = std::move(policy);
}

void Writer::set_retention(Retention retention) {
  const std::lock_guard lock(mutex_);
  retention_ = retention;
}

WriterCounters Writer::counters() const {
  const std::lock_guard lock(mutex_);
  WriterCounters copy = counters_;
  copy.queue_depth = queue_.size();
  return copy;
}

std::optional<std::string> Writer::trouble() const {
  const std::lock_guard lock(mutex_);
  return trouble_;
}

void Writer::beat() { last_beat_ns_.store(clock_.now().mono.time_since_epoch().count(), std::memory_order_relaxed); }

Status Writer::reload() {
  FleetState state = TRY(store_.load_fleet_state(clock_.now().wall));
  core_ = std::make_unique<FleetCore>(book_, policy_, std::move(state));
  return {};
}

void Writer::adopt_settings() {
  const std::lock_guard lock(mutex_);
  if (!new_policy_) return;
  policy_ = std::move(*new_policy_);
  new_policy_.reset();
  if (core_) core_->set_options(policy_);
}

Job Writer::tick_job() {
  return {[](Ledger& ledger) -> Result<Answer> {
            TRY(ledger.step(Tick{}));
            return Answer{};
          },
          [](const Error&) {}};
}

// The jobs of one group: waits for the first one until the next tick is due, and takes what else is there by then.
std::vector<Job> Writer::collect() {
  std::vector<Job> jobs;
  const MonoTime now = clock_.now().mono;
  if (now >= next_tick_) {
    next_tick_ = now + options_.tick;
    jobs.push_back(tick_job());
  } else if (auto first = queue_.pop(next_tick_ - now)) {
    jobs.push_back(std::move(*first));
  }
  while (!jobs.empty() && jobs.size() < options_.group_jobs) {
    auto more = queue_.try_pop();
    if (!more) break;
    jobs.push_back(std::move(*more));
  }
  return jobs;
}

void Writer::loop() {
  for (;;) {
    beat();
    adopt_settings();
    std::vector<Job> jobs = collect();
    if (!jobs.empty()) run_group(jobs);
    prune_when_due();
    if (queue_.closed() && queue_.size() == 0) return;
  }
}

void Writer::refuse(const std::vector<Job>& jobs, const Error& error) {
  {
    const std::lock_guard lock(mutex_);
    counters_.jobs_refused += jobs.size();
  }
  for (const Job& job : jobs) job.refuse(error);
}

void Writer::failed(const Error& error) {
  next_try_ = clock_.now().mono + options_.retry;
  core_.reset();   // it has gone on without the store
  const std::lock_guard lock(mutex_);
  ++counters_.commits_failed;
  if (!trouble_) log::error("nothing can be stored: {}", error.message);
  trouble_ = error.message;
}

// After a failure: whether it is worth trying again. A small write of its own comes first, so that a disk that is still full
// does not cost the rules a reload for every group.
bool Writer::usable() {
  if (core_) return true;
  if (clock_.now().mono < next_try_) return false;
  const auto attempt = [&]() -> Status {
    Store::Transaction transaction = TRY(store_.begin());
    TRY(transaction.apply(NoteEvent{clock_.now().wall, {"store_recovered", {}, {}, {}, false, "the collector can store again"}}));
    TRY(transaction.commit());
    return reload();
  };
  const Status result = attempt();
  if (!result.ok()) {
    failed(result.error());
    return false;
  }
  log::notice("the collector can store again");
  const std::lock_guard lock(mutex_);
  trouble_.reset();
  return true;
}

Result<std::vector<Answer>> Writer::apply_group(const std::vector<Job>& jobs, std::vector<Action>& actions) {
  Store::Transaction transaction = TRY(store_.begin());
  Ledger ledger(transaction, *core_, clock_.now().wall);
  std::vector<Answer> answers;
  answers.reserve(jobs.size());
  for (const Job& job : jobs) answers.push_back(TRY(job.apply(ledger)));
  const MonoTime start = clock_.now().mono;
  TRY(transaction.commit());
  actions = ledger.actions();
  if (!actions.empty()) count_commit(clock_.now().mono - start);   // a tick that changed nothing wrote nothing
  return answers;
}

void Writer::run_group(const std::vector<Job>& jobs) {
  if (!usable()) {
    return refuse(jobs, make_error(ErrorCode::kUnavailable, trouble().value_or("the store does not answer")));
  }
  std::vector<Action> actions;
  const auto answers = apply_group(jobs, actions);
  if (!answers.ok()) {
    failed(answers.error());
    return refuse(jobs, make_error(ErrorCode::kUnavailable, answers.error().message));
  }
  {
    const std::lock_guard lock(mutex_);
    counters_.jobs += jobs.size();
  }
  publish(has_decision(actions));
  committed_(actions, core_->state());
  for (const Answer& answer : *answers) {
    if (answer) answer();
  }
}

void Writer::count_commit(Duration took) {
  const double seconds = to_seconds(took);
  const auto bucket = static_cast<size_t>(std::lower_bound(kCommitBuckets.begin(), kCommitBuckets.end(), seconds) - kCommitBuckets.begin());
  const std::lock_guard lock(mutex_);
  ++counters_.commits;
  counters_.commit_seconds += seconds;
  ++counters_.commit_buckets[bucket];
}

void Writer::publish(bool decided) {
  const Instant now = clock_.now();
  if (!decided && now.mono < next_publish_) return;
  next_publish_ = now.mono + options_.publish;
  snapshot_.set({summarise(core_->state(), core_->options(), now.wall), core_->counters(), core_->options(), store_.size_bytes()});
}

void Writer::prune_when_due() {
  const Instant now = clock_.now();
  if (!core_ || now.mono < next_prune_) return;
  next_prune_ = now.mono + options_.prune;
  Retention retention;
  {
    const std::lock_guard lock(mutex_);
    retention = retention_;
  }
  const auto prune = [&]() -> Result<uint64_t> {
    Store::Transaction transaction = TRY(store_.begin());
    const uint64_t removed = TRY(transaction.prune(retention, now.wall));
    TRY(transaction.commit());
    return removed;
  };
  for (size_t round = 0; round < kPruneRounds; ++round) {
    const auto removed = prune();
    if (!removed.ok()) return failed(removed.error());
    if (*removed == 0) return;
  }
}

}  // namespace assay::collector
