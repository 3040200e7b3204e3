// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/sim_agent.h"

#include <fmt/format.h>

#include "common/wire/report_wire.h"

namespace assay::sim {
namespace {

using namespace std::chrono_literals;

std::optional<Digest> shipped(const Plan& plan, const ProbeRef& ref, uint32_t operand_set) {
  const auto probes = sim_probes();
  for (size_t i = 0; i < probes.size(); ++i) {
    if (probes[i].ref == ref) return shipped_goldens(plan, i)[operand_set % probes[i].operand_sets];
  }
  return std::nullopt;
}

}  // namespace

SimAgent::SimAgent(const Plan& plan, uint32_t node, Timeline& timeline, Ledger& ledger, Transport transport)
    : plan_(plan), timeline_(timeline), ledger_(ledger), transport_(std::move(transport)), name_(fmt::format("sim-{}", node)), silicon_(plan, node) {
  options_.budget_ratio = 0.01;
  options_.budget_cap = 0.1;
  options_.slice = 25ms;
  options_.control_one_in = 50;
  timeline_.in(std::chrono::milliseconds{37 * node}, [this] { start(); });
}

Instant SimAgent::now() const { return {from_unix_ms(1'800'000'000'000) + timeline_.now() + clock_offset_, MonoTime{timeline_.now()}}; }

double SimAgent::probe_ratio() const {
  const double unit_seconds = to_seconds(timeline_.now() - 1h) * plan_.units;
  return unit_seconds > 0 ? spent_unit_seconds_ / unit_seconds : 0;
}

void SimAgent::start() {
  ++life_;
  up_ = true;
  slice_out_ = false;
  observations_.clear();
  incidents_.clear();
  const uint64_t seed = seed_from(name_, plan_.seed * 100'000 + life_);
  watch_ = std::make_unique<agent::DeviceWatch>(
      silicon_.device(), sim_probes(),
      agent::WatchOptions{name_, options_, seed, [this](const ProbeRef& ref, uint32_t set) { return shipped(plan_, ref, set); }}, now());
  if (life_ > 1) static_cast<void>(watch_->restore(memory_, now()));
  agent::UplinkOptions uplink;
  uplink.report_interval = 10s;
  uplink.longest_pause = 20s;
  uplink_ = std::make_unique<agent::Uplink>(uplink, seed, now().mono);
  pump(life_);
}

void SimAgent::crash() {
  if (!up_) return;
  up_ = false;
  ++life_;
  timeline_.in(3s, [this] { start(); });
}

// The agent's loop: a turn and a look at the uplink, ten times a second and after each slice.
void SimAgent::pump(uint64_t life) {
  if (life != life_) return;
  take(watch_->tick(now()));
  turn();
  if (uplink_->report_due(now().mono)) build_report();
  send();
  timeline_.in(100ms, [this, life] { pump(life); });
}

void SimAgent::turn() {
  if (slice_out_ || watch_->due_at(now()) > now().mono) return;
  agent::Turn next = watch_->next({}, now());
  if (!next.order) return;
  slice_out_ = true;
  const agent::SliceOrder order = *next.order;
  timeline_.in(order.budget, [this, order, life = life_] { finish_slice(order, life); });
}

void SimAgent::finish_slice(const agent::SliceOrder& order, uint64_t life) {
  agent::SliceResult result = silicon_.compute(order, now().wall);
  spent_unit_seconds_ += agent::cost_unit_seconds(result);
  if (life != life_) return;  // the agent died while its runner computed
  slice_out_ = false;
  agent::Settlement settlement = watch_->settle(order, std::move(result), now());
  observations_.push_back(std::move(settlement.observation));
  take(settlement.news);
  turn();
}

void SimAgent::take(const agent::News& news) {
  for (const Incident& incident : news.incidents) {
    had_incident_ = true;
    incidents_.push_back(incident);
  }
  if (news.memory_changed) memory_ = watch_->memory();
  if (news.urgent) {
    uplink_->evidence_waits();
    build_report();
  }
}

void SimAgent::build_report() {
  Report report;
  report.node = name_;
  report.stream = name_ + "-spool";
  report.sequence = next_sequence_++;
  report.boot_id = fmt::format("boot-{}", life_);
  report.agent_version = "sim";
  report.sent = now();
  report.devices = {watch_->status(now())};
  report.observations = std::exchange(observations_, {});
  report.incidents = std::exchange(incidents_, {});
  spool_.push_back(std::move(report));
  uplink_->report_built(now().mono);
}

void SimAgent::send() {
  if (!uplink_->may_send(!spool_.empty(), now().mono)) return;
  uplink_->sent();
  const uint64_t sequence = spool_.front().sequence;
  transport_(wire::encode(spool_.front()), [this, life = life_, sequence](const std::optional<std::string>& bytes) { on_reply(life, sequence, bytes); });
}

void SimAgent::on_reply(uint64_t life, uint64_t sequence, const std::optional<std::string>& bytes) {
  if (life != life_) return;
  const auto ack = bytes ? wire::decode_ack(*bytes) : Result<ReportAck>(make_error(ErrorCode::kTimeout, "no reply"));
  if (!ack) {
    uplink_->failed(agent::SendFailure::kUnreachable, now().mono);
    return;
  }
  if (ack->sequence != sequence) ledger_.note(fmt::format("{}: report {} was answered with {}", name_, sequence, ack->sequence));
  ledger_.acknowledged({ack->stream, ack->sequence});
  uplink_->acknowledged(now().mono);
  if (!spool_.empty() && spool_.front().sequence == sequence) spool_.pop_front();
  for (const Command& command : ack->commands) take(watch_->set_state(command.state, now()));
  send();
}

}  // namespace assay::sim
