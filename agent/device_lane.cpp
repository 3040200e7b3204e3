// SPDX-License-Identifier: Apache-2.0
#include "agent/device_lane.h"

#include <algorithm>
#include <iterator>

namespace assay::agent {

void merge(News& into, News from) {
  std::move(from.incidents.begin(), from.incidents.end(), std::back_inserter(into.incidents));
  std::move(from.remarks.begin(), from.remarks.end(), std::back_inserter(into.remarks));
  into.urgent = into.urgent || from.urgent;
  into.reload_goldens = into.reload_goldens || from.reload_goldens;
  into.memory_changed = into.memory_changed || from.memory_changed;
}

DeviceLane::DeviceLane(Device device, std::span<const ProbeSpec> probes, WatchOptions watch, RunnerOptions runner, FsRoot root, Instant now)
    : watch_(std::move(device), probes, std::move(watch), now), runner_(std::move(runner), std::move(root)), ask_at_(now.mono) {
  ask_at_ = watch_.due_at(now);
}

probes::RunRequest DeviceLane::request_for(const SliceOrder& order, const LaneView& view) const {
  probes::RunRequest request;
  request.id = order.id;
  request.probe = order.probe->ref;
  request.variant = order.variant;
  request.cpus = watch_.device().units;
  request.work = order.work;
  request.set_count = order.set_count;
  request.max_runs = order.max_runs;
  request.budget = order.budget;
  request.synthetic = order.synthetic;
  request.injection = order.injection;
  request.report_digests = order.report_digests;
  if (const auto replay = view.replays.find(order.probe->ref); replay != view.replays.end()) request.replay = replay->second;
  request.power_steps = order.power_steps;
  if (const auto* table = view.goldens == nullptr ? nullptr : view.goldens->find(order.probe->ref)) {
    request.goldens = table->digests;
    request.golden_hash = table->hash;
  }
  return request;
}

void DeviceLane::begin(const LaneView& view, Instant now) {
  Surroundings around = view.surroundings();
  around.runner_ready = runner_.ready(now.mono);
  around.conditions = view.conditions(watch_.device());
  Turn turn = watch_.next(around, now);
  ask_at_ = turn.ask_again;
  if (turn.skip == SkipReason::kMemoryShort) runner_.retire();  // what it holds is wanted elsewhere
  if (!turn.order) return;
  runner_.start(*turn.order, request_for(*turn.order, view), now);
  out_ = std::move(turn.order);
}

LaneTurn DeviceLane::advance(const LaneView& view, Instant now) {
  LaneTurn turn;
  if (auto result = runner_.advance(now); result && out_) {
    result->observation.conditions = view.conditions(watch_.device());
    const SliceOrder order = std::move(*out_);
    out_.reset();
    Settlement settled = watch_.settle(order, std::move(*result), now);
    turn.finished = order;
    turn.observation = std::move(settled.observation);
    turn.news = std::move(settled.news);
    ask_at_ = watch_.due_at(now);
  }
  if (!runner_.busy()) {
    merge(turn.news, watch_.tick(now));
    if (now.mono >= ask_at_) begin(view, now);
  }
  return turn;
}

MonoTime DeviceLane::wake_at() const { return runner_.busy() ? runner_.wake_at() : ask_at_; }

}  // namespace assay::agent
