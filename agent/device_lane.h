// SPDX-License-Identifier: Apache-2.0
// One device at run time: its core, its runner process, and the hand-over of orders and results between the two.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "agent/core/device_watch.h"
#include "agent/runner_driver.h"
#include "probes/goldens/golden_set.h"

namespace assay::agent {

// What the loop has to do after a turn of a lane.
struct LaneTurn {
  std::optional<SliceOrder> finished;     // with its observation
  std::optional<Observation> observation;
  News news;
};

// What a lane needs of the rest of the agent, asked for when it is needed.
struct LaneView {
  std::shared_ptr<const probes::GoldenSet> goldens;
  std::function<Surroundings()> surroundings;
  std::function<Conditions(const Device&)> conditions;
  std::map<ProbeRef, probes::ReplayProgram> replays;   // computations of the site's own
};

// Not thread-safe; never blocks.
class DeviceLane {
 public:
  DeviceLane(Device device, std::span<const ProbeSpec> probes, WatchOptions watch, RunnerOptions runner, FsRoot root, Instant now);

  // Takes what the runner gave, lets the core decide, starts what it orders.
  LaneTurn advance(const LaneView& view, Instant now);
  MonoTime wake_at() const;
  // Something outside changed (state, options, a request): the core is asked again at once.
  void ask_now(Instant now) { ask_at_ = now.mono; }

  DeviceWatch& watch() { return watch_; }
  const DeviceWatch& watch() const { return watch_; }
  RunnerDriver& runner() { return runner_; }
  const RunnerDriver& runner() const { return runner_; }

 private:
  void begin(const LaneView& view, Instant now);
  probes::RunRequest request_for(const SliceOrder& order, const LaneView& view) const;

  DeviceWatch watch_;
  RunnerDriver runner_;
  std::optional<SliceOrder> out_;
  MonoTime ask_at_;
};

void merge(News& into, News from);

}  // namespace assay::agent
