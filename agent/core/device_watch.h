// SPDX-License-Identifier: Apache-2.0
// Everything the agent decides about one device: what to run next, what results mean, when to retest, and which state the device is in.
// It composes scheduler, judge and ladder; the simulator drives this class just as the agent's loop does.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <tuple>
#include <vector>

#include "agent/core/judge.h"
#include "agent/core/ladder.h"
#include "agent/core/news.h"
#include "agent/core/scheduler.h"
#include "common/base/random.h"
#include "common/model/report.h"

namespace assay::agent {

struct WatchOptions {
  std::string node;
  SchedulerOptions scheduler;
  uint64_t seed = 0;     // for incident ids; different at every start of an agent
  // The golden of an operand set, for the incident's record; may be empty.
  std::function<std::optional<Digest>(const ProbeRef&, uint32_t)> golden;
  std::vector<probes::ProbeVariant> variants{};   // what the runner offers for the device; empty: it did not tell, and runs the strongest
};

// A slice asked for over the local socket; it ends after its runs, or two seconds.
struct OnDemandRun {
  std::string probe;          // id
  uint32_t unit = 0;
  uint32_t operand_set = 0;
  uint32_t runs = 1;
  std::string variant{};      // "": the strongest
};

struct Settlement {
  Observation observation;    // to be reported
  News news;
};

// What must survive a restart of the agent. Plain data; device_memory.h turns it into bytes.
struct DeviceMemory {
  DeviceState state = DeviceState::kUnknown;
  bool state_synthetic = false;
  bool suspected_by_collector = false;   // its word alone lifts that
  std::string coverage;                  // Coverage::save()
  std::string lengths;                   // RunLengths::save(); "" when it is not known
  std::vector<Incident> incidents;       // the recent ones, open ones included
};

// Pure: `now` comes with every call, randomness from the seed. One order is out at a time. Not thread-safe. `probes` must outlive it.
class DeviceWatch {
 public:
  static constexpr size_t kRecentIncidents = 32;
  static constexpr size_t kWaitingFindings = 8;
  static constexpr size_t kWaitingOrders = 64;

  DeviceWatch(Device device, std::span<const ProbeSpec> probes, WatchOptions options, Instant now);

  // Lets time pass: a ladder's deadline, suspicion that has aged away. Call before next().
  News tick(Instant now);
  // When next() may have an order; call it then, or when an order was settled or the state changed.
  MonoTime due_at(Instant now);
  Turn next(const Surroundings& around, Instant now);
  Settlement settle(const SliceOrder& order, SliceResult result, Instant now);

  // Queues one run ahead of the rotation; kNotFound for a probe, unit, variant or operand set that is not there, kLimit when the budget
  // is spent or too many wait. The order that comes of it has purpose kOnDemand.
  Status request_run(const OnDemandRun& run, Instant now);
  // The collector's word about the device.
  News set_state(DeviceState state, Instant now);
  void reconfigure(const SchedulerOptions& options, Instant now);

  DeviceMemory memory() const;
  // Takes up where a former agent stopped; open incidents are retested anew. An error: coverage or lengths did not read back, all else holds.
  Status restore(DeviceMemory memory, Instant now);

  const Device& device() const { return device_; }
  std::span<const ProbeSpec> probes() const { return probes_; }
  std::span<const probes::ProbeVariant> offered() const { return options_.variants; }
  DeviceState state() const { return state_; }
  bool state_is_synthetic() const { return state_synthetic_; }
  DeviceStatus status(Instant now) const;
  const Scheduler& scheduler() const { return scheduler_; }
  const ControlCounts& controls() const { return judge_.controls(); }
  std::vector<Incident> incidents() const { return {incidents_.begin(), incidents_.end()}; }
  bool retesting() const { return ladder_.has_value(); }
  // What the runner offers for the device, as the collector is told it.
  std::vector<ProbeOffer> offers() const;

 private:
  // A finding that waits for the ladder in use.
  struct Waiting {
    Observation observation;
    size_t place = 0;
    bool hang = false;
    probes::PowerSteps power_steps;   // of the slice it came from
  };
  using QuietKey = std::tuple<ProbeRef, uint32_t, Synthetic>;

  bool watched() const;
  bool may_probe() const;
  void apply(StateEvent event, bool synthetic, News& news);
  void move_to(DeviceState state, News& news);
  void handle(const Finding& finding, const SliceOrder& order, const Observation& observation, Instant now, News& news);
  void isolate(const SliceOrder& order, const UnitResult& unit, Instant now);
  bool is_explained(const Observation& observation, const UnitResult& unit, MonoTime now) const;
  void suspect(Waiting waiting, Instant now, News& news);
  void open_ladder(const Waiting& waiting, Instant now, News& news);
  void open_control_incident(const Observation& observation, const UnitResult& unit, Instant now, News& news);
  bool under_other_suspicion(const Incident& incident) const;
  void finish_ladder(Instant now, News& news);
  Incident with_recurrence(Incident incident, Instant now) const;
  void remember_verdict(const Incident& incident, Instant now);
  void keep(const Incident& incident);
  LadderStart ladder_start(const ProbeSpec& probe, std::string_view variant, uint32_t operand_set, std::string id, MonoTime now) const;
  bool ran_on_silicon(std::string_view probe, std::string_view variant) const;
  std::string new_incident_id();
  std::optional<SliceOrder> retest_order(Instant now);
  void say(News& news, RemarkKind kind, bool synthetic, std::string text) const;

  Device device_;
  std::span<const ProbeSpec> probes_;
  WatchOptions options_;
  Scheduler scheduler_;
  Judge judge_;
  Random random_;
  DeviceState state_ = DeviceState::kUnknown;
  bool state_synthetic_ = false;
  bool suspected_by_collector_ = false;
  probes::PowerSteps ladder_power_steps_;   // of the ladder in use; after a restart retests go without
  std::optional<Ladder> ladder_;
  std::deque<Waiting> waiting_;
  std::deque<SliceOrder> orders_;              // isolation and requests, ahead of the rotation
  std::deque<Incident> incidents_;             // newest last
  std::set<std::pair<uint32_t, Synthetic>> condemned_;  // units whose further mismatches need no further incident
  std::map<QuietKey, MonoTime> quiet_until_;   // cells with a recent verdict that does not condemn
  bool control_incident_open_ = false;
};

}  // namespace assay::agent
