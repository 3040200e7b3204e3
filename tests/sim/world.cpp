// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/world.h"

#include <fmt/format.h>

namespace assay::sim {
namespace {

using namespace std::chrono_literals;

class World {
 public:
  explicit World(const Plan& plan)
      : plan_(plan), random_(seed_from("world", plan.seed)), collector_(plan_, timeline_, ledger_, [this](const std::string& id) { return is_bad(id); }) {
    for (const BadGolden& bad : plan_.bad_goldens) ledger_.golden_is_wrong(sim_probes()[bad.probe].ref);
    for (uint32_t node = 0; node < plan_.nodes; ++node) {
      agents_.push_back(std::make_unique<SimAgent>(plan_, node, timeline_, ledger_,
                                                   [this](std::string request, Reply reply) { carry(std::move(request), std::move(reply)); }));
    }
    every(plan_.agent_crash_every, plan_.nodes, [this] { agent().crash(); });
    every(plan_.collector_crash_every, 1, [this] { collector_.crash(); });
    every(plan_.full_disk_every, 1, [this] {
      collector_.disk_full(true);
      timeline_.in(10s, [this] { collector_.disk_full(false); });
    });
    every(plan_.clock_jump_every, 1, [this] { jump_a_clock(); });
  }

  Outcome run() {
    timeline_.run_until(timeline_.now() + plan_.length);
    calm_ = true;
    collector_.disk_full(false);
    timeline_.run_until(timeline_.now() + plan_.calm);
    return judge();
  }

 private:
  bool is_bad(const std::string& device_id) const {
    for (const auto& agent : agents_) {
      if (agent->device().id == device_id) return agent->is_bad();
    }
    return false;
  }
  SimAgent& agent() { return *agents_[random_.below(agents_.size())]; }

  // Plans the next of a kind of mishap, at random around its mean; `share` of them happen at once in the fleet.
  void every(Duration mean, uint32_t share, Timeline::Task mishap) {
    if (mean <= Duration::zero()) return;
    const auto wait = Duration{static_cast<int64_t>(static_cast<double>(mean.count()) / share * 2 * random_.unit())};
    timeline_.in(wait + 1ms, [this, mean, share, mishap] {
      if (calm_) return;
      mishap();
      every(mean, share, mishap);
    });
  }

  void jump_a_clock() {
    const auto by = std::chrono::seconds{static_cast<int64_t>(random_.below(7200)) - 3600};
    if (random_.chance(0.3)) {
      collector_.jump_clock(by / 60);  // a collector's clock is kept by NTP: a minute at most
    } else {
      agent().jump_clock(by);
    }
  }

  // A request and its reply: each may be lost, doubled and overtaken. The sender gives up after 15 s.
  void carry(std::string request, Reply reply) {
    auto answered = std::make_shared<bool>(false);
    const auto once = [answered, reply](const std::optional<std::string>& bytes) {
      if (!std::exchange(*answered, true)) reply(bytes);
    };
    timeline_.in(15s, [once] { once(std::nullopt); });
    for (int copies = random_.chance(plan_.duplicate) ? 2 : 1; copies > 0; --copies) {
      if (!calm_ && random_.chance(plan_.lose)) continue;
      timeline_.in(delay(), [this, request, once] {
        const auto bytes = collector_.report(request);
        if (!bytes || (!calm_ && random_.chance(plan_.lose))) return;
        timeline_.in(delay(), [once, bytes] { once(bytes); });
      });
    }
  }

  Duration delay() { return Duration{static_cast<int64_t>(random_.below(static_cast<uint64_t>(plan_.longest_delay.count()) + 1))}; }

  Outcome judge() {
    const auto& state = collector_.state();
    ledger_.finish(state);
    Outcome outcome;
    Digest128 trace;
    for (const auto& agent : agents_) {
      if (!agent->had_incident()) ledger_.spent(agent->device().id, agent->probe_ratio(), agent->budget_ratio());
      if (agent->spooled() > 3) ledger_.note(fmt::format("{}: {} reports still wait after the calm", agent->name(), agent->spooled()));
      const auto record = state.devices.find(agent->device().id);
      outcome.states[agent->name()] = record == state.devices.end() ? DeviceState::kUnknown : record->second.real.state;
      trace.add(static_cast<uint64_t>(outcome.states[agent->name()]));
    }
    for (const auto& [id, counts] : state.counts) {
      for (const auto& [probe, count] : counts.probes) trace.add(count.match * 1'000'003 + count.mismatch);
    }
    outcome.broken = ledger_.broken();
    outcome.reports = ledger_.committed_reports();
    outcome.decisions = ledger_.decisions();
    outcome.real_quarantines = ledger_.real_quarantines();
    outcome.frozen_probes = state.freezes.size();
    outcome.incidents = state.incidents.size();
    trace.add(outcome.reports);
    trace.add(outcome.decisions);
    outcome.trace = to_hex(trace.value());
    return outcome;
  }

  const Plan plan_;
  Timeline timeline_;
  Ledger ledger_;
  Random random_;
  bool calm_ = false;
  std::vector<std::unique_ptr<SimAgent>> agents_;
  SimCollector collector_;
};

}  // namespace

Outcome run(const Plan& plan) { return World(plan).run(); }

Plan stormy_plan(uint64_t seed) {
  Random random(seed_from("storm", seed));
  Plan plan;
  plan.seed = seed;
  plan.nodes = 6 + static_cast<uint32_t>(random.below(20));
  plan.units = 1 + static_cast<uint32_t>(random.below(6));
  plan.lose = random.unit() * 0.3;
  plan.duplicate = random.unit() * 0.2;
  plan.longest_delay = std::chrono::milliseconds{random.below(2000)};
  plan.agent_crash_every = std::chrono::minutes{2 + random.below(20)};
  plan.collector_crash_every = std::chrono::minutes{1 + random.below(10)};
  plan.full_disk_every = std::chrono::minutes{2 + random.below(10)};
  plan.clock_jump_every = std::chrono::minutes{1 + random.below(10)};
  for (uint64_t i = random.below(3); i > 0; --i) {
    plan.bad_units.push_back({static_cast<uint32_t>(random.below(plan.nodes)), static_cast<uint32_t>(random.below(plan.units)),
                              random.chance(0.5) ? -1 : static_cast<int>(random.below(3)), random.chance(0.5) ? 1.0 : random.unit() * 0.2});
  }
  if (random.chance(0.3)) plan.bad_goldens.push_back({static_cast<uint32_t>(random.below(3)), static_cast<uint32_t>(random.below(16))});
  if (random.chance(0.3)) plan.blind_nodes.push_back(static_cast<uint32_t>(random.below(plan.nodes)));
  if (random.chance(0.3)) plan.damaged_tables.push_back(static_cast<uint32_t>(random.below(plan.nodes)));
  return plan;
}

}  // namespace assay::sim
