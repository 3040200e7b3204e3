// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/sim_collector.h"

#include "common/wire/report_wire.h"
#include "tests/sim/silicon.h"

namespace assay::sim {
namespace {

using namespace std::chrono_literals;

collector::ProbeBook make_book(const Plan& plan) {
  std::map<ProbeRef, collector::BookEntry> entries;
  const auto probes = sim_probes();
  for (size_t i = 0; i < probes.size(); ++i) {
    auto goldens = shipped_goldens(plan, i);
    const Digest hash = probes::hash_of(goldens);
    entries[probes[i].ref] = {probes[i].tier, probes[i].operand_sets, std::move(goldens), hash};
  }
  return collector::ProbeBook(std::move(entries));
}

collector::PolicyOptions make_options(const Plan& plan) {
  collector::PolicyOptions options;
  options.mode = plan.mode;
  options.hook = true;
  options.drill_hook = true;
  return options;
}

}  // namespace

SimCollector::SimCollector(const Plan& plan, Timeline& timeline, Ledger& ledger, IsBad is_bad)
    : plan_(plan), timeline_(timeline), ledger_(ledger), is_bad_(std::move(is_bad)), random_(seed_from("collector", plan.seed)), book_(make_book(plan)) {
  start();
  tick();
}

WallTime SimCollector::wall() const { return from_unix_ms(1'800'000'000'000) + timeline_.now() + clock_offset_; }

void SimCollector::start() {
  ++life_;
  up_ = true;
  core_ = std::make_unique<collector::FleetCore>(book_, make_options(plan_), durable_);
  ledger_.reloaded(core_->state(), durable_);
}

void SimCollector::tick() {
  if (up_) static_cast<void>(step_and_commit(collector::Tick{}, nullptr, nullptr));
  timeline_.in(1s, [this] { tick(); });
}

void SimCollector::crash() {
  if (!up_) return;
  up_ = false;
  ++life_;
  timeline_.in(2s + std::chrono::milliseconds{random_.below(8000)}, [this] { start(); });
}

Status SimCollector::step_and_commit(const collector::Event& event, const Report* report, std::vector<Command>* commands) {
  collector::StepResult result = core_->step(event, wall());
  if (!result.status) return result.status;
  if (disk_full_) {
    start();
    return make_error(ErrorCode::kUnavailable, "disk full");
  }
  commit(result.actions, report);
  for (const collector::Action& action : result.actions) {
    if (const auto* hook = std::get_if<collector::StartHook>(&action)) start_hook(hook->hook);
    if (const auto* command = std::get_if<collector::SendCommand>(&action); command != nullptr && commands != nullptr) {
      commands->push_back(command->command);
    }
  }
  return {};
}

void SimCollector::commit(const std::vector<collector::Action>& actions, const Report* report) {
  durable_ = core_->state();
  if (report != nullptr) {
    last_sequence_[report->node + "/" + report->stream] = report->sequence;
    ledger_.committed({report->stream, report->sequence}, *report);
  }
  for (const collector::Action& action : actions) {
    if (const auto* decision = std::get_if<collector::RecordDecision>(&action)) {
      ledger_.decided(decision->decision, is_bad_(decision->decision.device_id));
    }
    if (const auto* hook = std::get_if<collector::SaveHook>(&action); hook != nullptr && hook->hook.status == collector::HookStatus::kDone) {
      ledger_.hook_ran(hook->hook, is_bad_(hook->hook.device_id));
    }
  }
}

// The shell's part: attempts until one works, each of them told to the core.
void SimCollector::start_hook(const collector::HookRecord& hook) { attempt_hook(hook.decision, hook.attempts + 1); }

void SimCollector::attempt_hook(uint64_t decision, uint32_t attempt) {
  const uint64_t life = life_;
  timeline_.in(std::chrono::milliseconds{50 + random_.below(3000)}, [this, life, decision, attempt] {
    if (life != life_ || !up_) return;  // the process that waited for it is gone; the next one runs it again
    const bool works = !random_.chance(0.2);
    const auto status = works ? collector::HookStatus::kDone : collector::HookStatus::kPending;
    collector::HookFinished finished{decision, status, attempt, works ? 0 : 1, works ? "drained" : "scheduler did not answer"};
    static_cast<void>(step_and_commit(finished, nullptr, nullptr));
    if (!works) attempt_hook(decision, attempt + 1);
  });
}

std::optional<std::string> SimCollector::report(const std::string& bytes) {
  if (!up_) return std::nullopt;
  auto report = wire::decode_report(bytes);
  if (!report) {
    ledger_.note("a report of ours does not decode: " + report.error().message);
    return std::nullopt;
  }
  ReportAck ack{report->stream, report->sequence, false, wall(), {}};
  const std::string key = report->node + "/" + report->stream;
  if (report->sequence <= last_sequence_[key]) {
    ack.duplicate = true;
  } else {
    const Report copy = *report;
    if (!step_and_commit(collector::ReportReceived{std::move(*report)}, &copy, &ack.commands)) return std::nullopt;
  }
  return wire::encode(ack);
}

}  // namespace assay::sim
