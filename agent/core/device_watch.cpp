// SPDX-License-Identifier: Apache-2.0
#include "agent/core/device_watch.h"

#include <algorithm>

#include <fmt/format.h>

#include "common/base/check.h"

namespace assay::agent {
namespace {

constexpr std::chrono::seconds kRetestBudget{2};     // a retest ends after its runs; this bounds a slow probe
constexpr std::chrono::seconds kRunnerPatience{1};   // to ask again while the runner restarts
constexpr uint32_t kRunsPerRequest = 1'000'000;

// A golden that changed in memory accuses nobody: the mismatches of its slice become "could not measure".
void withdraw_mismatches(Observation& observation) {
  for (UnitResult& unit : observation.units) {
    if (unit.outcome != Outcome::kMismatch) continue;
    unit.outcome = Outcome::kInconclusive;
    unit.reason = Inconclusive::kGoldenCorrupt;
    unit.mismatches = 0;
    unit.records.clear();
  }
}

bool has_real_match(const Observation& observation) {
  return observation.synthetic == Synthetic::kNone &&
         std::any_of(observation.units.begin(), observation.units.end(), [](const UnitResult& unit) { return unit.outcome == Outcome::kMatch; });
}

}  // namespace

DeviceWatch::DeviceWatch(Device device, std::span<const ProbeSpec> probes, WatchOptions options, Instant now)
    : device_(std::move(device)),
      probes_(probes),
      options_(std::move(options)),
      scheduler_(device_, probes, options_.scheduler, now, std::make_shared<const VariantTable>(probes, options_.variants)),
      random_(seed_from(device_.id, options_.seed)) {}

bool DeviceWatch::watched() const {
  return state_ == DeviceState::kSuspect || state_ == DeviceState::kConfirming || state_ == DeviceState::kProbation;
}

bool DeviceWatch::may_probe() const { return state_ != DeviceState::kInRepair && state_ != DeviceState::kRetired; }

News DeviceWatch::tick(Instant now) {
  News news;
  if (ladder_ && !ladder_->next(now)) finish_ladder(now, news);
  if (state_ == DeviceState::kSuspect && !ladder_ && !suspected_by_collector_) {
    // Suspicion halves every 30 days; after three half-lives without a new finding it no longer counts. A
    // verdict that condemns does not age: it waits for the collector.
    const bool fresh = std::any_of(incidents_.begin(), incidents_.end(), [&](const Incident& incident) {
      return condemns(incident.verdict) || now.wall - incident.updated < limits::kRecurrenceWindow;
    });
    if (!fresh) apply(StateEvent::kSuspicionAged, state_synthetic_, news);
  }
  return news;
}

MonoTime DeviceWatch::due_at(Instant now) {
  if (ladder_ || !orders_.empty()) return now.mono;
  return scheduler_.due_at(watched(), now.mono);
}

std::optional<SliceOrder> DeviceWatch::retest_order(Instant now) {
  const auto retest = ladder_->next(now);
  if (!retest) return std::nullopt;
  const auto probe = scheduler_.probe_index(ladder_->incident().probe);
  ASSAY_CHECK(probe.has_value());
  SliceOrder order =
      scheduler_.order_for(Purpose::kLadder, *probe, retest->work, retest->set_count, retest->max_runs, kRetestBudget, now);
  order.variant = ladder_->incident().variant;  // the silicon that was wrong, and no stronger one
  order.power_steps = ladder_power_steps_;      // and the swing of power that it may have taken
  order.report_digests = true;
  // All of a drill's retests are marked, those on healthy units too, so that nothing of it counts as real; and no real incident's
  // retest is marked, planted or not.
  order.synthetic = ladder_->incident().synthetic;
  if (order.synthetic == Synthetic::kNone) order.injection = {};
  return order;
}

Turn DeviceWatch::next(const Surroundings& around, Instant now) {
  const bool urgent_work = ladder_.has_value() || !orders_.empty();
  if (!urgent_work) return scheduler_.next(around, watched(), may_probe(), now);
  Turn turn;
  if (!around.runner_ready) {
    scheduler_.count_skip(SkipReason::kRunnerDown);
    turn.skip = SkipReason::kRunnerDown;
    turn.ask_again = now.mono + kRunnerPatience;
    return turn;
  }
  if (scheduler_.due_at(watched(), now.mono) <= now.mono) scheduler_.count_skip(SkipReason::kDeviceSuspectBusy);
  if (ladder_) {
    turn.order = retest_order(now);
  } else {
    turn.order = std::move(orders_.front());
    orders_.pop_front();
  }
  turn.ask_again = now.mono;  // without an order: tick() finishes the ladder first
  return turn;
}

Settlement DeviceWatch::settle(const SliceOrder& order, SliceResult result, Instant now) {
  Settlement settlement;
  News& news = settlement.news;
  result.observation.device_id = device_.id;
  const auto findings = judge_.judge(order, result, now.mono);
  if (!findings.empty() && findings.front().kind == FindingKind::kGoldenCorrupt) withdraw_mismatches(result.observation);
  scheduler_.settle(order, result, now);
  if (state_ == DeviceState::kUnknown && has_real_match(result.observation)) apply(StateEvent::kFirstPass, false, news);

  for (const Finding& finding : findings) handle(finding, order, result.observation, now, news);
  if (order.purpose == Purpose::kLadder && ladder_) {
    ladder_->step(result, now);
    if (ladder_->finished()) finish_ladder(now, news);
  }
  news.urgent = news.urgent || !news.incidents.empty();
  settlement.observation = std::move(result.observation);
  return settlement;
}

void DeviceWatch::handle(const Finding& finding, const SliceOrder& order, const Observation& observation, Instant now, News& news) {
  const UnitResult& unit = observation.units[finding.place];
  const bool synthetic = observation.synthetic != Synthetic::kNone;
  const std::string where = fmt::format("probe={} device={} unit={} set={}", to_string(observation.probe), device_.id, unit.unit, unit.first_set);
  switch (finding.kind) {
    case FindingKind::kMismatch:
      if (is_explained(observation, unit, now.mono)) break;
      say(news, RemarkKind::kMismatch, synthetic, fmt::format("{} runs={} mismatches={}", where, unit.runs, unit.mismatches));
      news.urgent = true;
      suspect({observation, finding.place, false, order.power_steps}, now, news);
      break;
    case FindingKind::kHang:
      say(news, RemarkKind::kHang, synthetic, where + (finding.repeated ? " again" : ""));
      if (finding.repeated && !is_explained(observation, unit, now.mono)) suspect({observation, finding.place, true, order.power_steps}, now, news);
      break;
    case FindingKind::kCrash: say(news, RemarkKind::kCrash, synthetic, where); break;
    case FindingKind::kIsolate: isolate(order, unit, now); break;
    case FindingKind::kGoldenCorrupt:
      say(news, RemarkKind::kGoldenCorrupt, synthetic, where);
      news.reload_goldens = true;
      break;
    case FindingKind::kControlMissed: open_control_incident(observation, unit, now, news); break;
    case FindingKind::kControlSeen:
    case FindingKind::kControlInconclusive: break;
  }
}

void DeviceWatch::isolate(const SliceOrder& order, const UnitResult& unit, Instant now) {
  const auto probe = scheduler_.probe_index(order.probe->ref);
  if (!probe || orders_.size() >= kWaitingOrders) return;
  SliceOrder alone =
      scheduler_.order_for(Purpose::kIsolation, *probe, {{unit.unit, unit.first_set}}, order.set_count, order.max_runs, order.budget, now);
  alone.variant = order.variant;
  alone.power_steps = order.power_steps;
  orders_.push_back(std::move(alone));
}

Status DeviceWatch::request_run(const OnDemandRun& run, Instant now) {
  const auto spec = std::find_if(probes_.begin(), probes_.end(), [&](const ProbeSpec& probe) { return probe.ref.id == run.probe; });
  if (spec == probes_.end()) return make_error(ErrorCode::kNotFound, fmt::format("there is no probe '{}'; see assayctl probe list", run.probe.substr(0, 64)));
  if (run.unit >= device_.units.size()) {
    return make_error(ErrorCode::kNotFound, fmt::format("device {} has units 0..{}, not {}", device_.id, device_.units.size() - 1, run.unit));
  }
  if (run.operand_set >= spec->operand_sets) {
    return make_error(ErrorCode::kNotFound, fmt::format("{} has operand sets 0..{}, not {}", run.probe, spec->operand_sets - 1, run.operand_set));
  }
  const auto probe = static_cast<size_t>(spec - probes_.begin());
  const VariantTable& variants = scheduler_.coverage().variants();
  if (!variants.find(probe, run.variant)) {
    return make_error(ErrorCode::kNotFound, fmt::format("{} has no variant '{}' on this machine", run.probe, run.variant.substr(0, 64)));
  }
  if (run.runs == 0 || run.runs > kRunsPerRequest) return make_error(ErrorCode::kInvalid, fmt::format("runs is 1..{}", kRunsPerRequest));
  if (!scheduler_.grants_request(now.mono)) {
    return make_error(ErrorCode::kLimit, "the probe budget of this device is spent; try again in a minute, or run it with assayctl probe run --runner");
  }
  if (orders_.size() >= kWaitingOrders) return make_error(ErrorCode::kLimit, "too many runs wait for this device; try again later");
  const Duration wanted = std::max<Duration>(kRetestBudget, spec->run_limit * run.runs);
  const Duration budget = std::min<Duration>(wanted, limits::kSliceBudgetMax);
  SliceOrder order = scheduler_.order_for(Purpose::kOnDemand, probe, {{run.unit, run.operand_set}}, 1, run.runs, budget, now);
  order.variant = run.variant.empty() ? variants.at(probe, 0).name : run.variant;
  orders_.push_back(std::move(order));
  return {};
}

News DeviceWatch::set_state(DeviceState state, Instant /*now*/) {
  News news;
  suspected_by_collector_ = state == DeviceState::kSuspect;
  if (state == state_) return news;
  const bool clean_slate = state == DeviceState::kInService || state == DeviceState::kProbation || state == DeviceState::kUnknown;
  if (clean_slate) {
    condemned_.clear();
    quiet_until_.clear();
    control_incident_open_ = false;
    // What was decided about is history; only what is still open stays.
    std::erase_if(incidents_, [](const Incident& incident) { return incident.verdict != Verdict::kOpen; });
  }
  move_to(state, news);
  if (clean_slate) state_synthetic_ = false;
  return news;
}

void DeviceWatch::reconfigure(const SchedulerOptions& options, Instant now) {
  options_.scheduler = options;
  scheduler_.reconfigure(options, now);
}

DeviceMemory DeviceWatch::memory() const {
  return {state_, state_synthetic_, suspected_by_collector_, scheduler_.coverage().save(), scheduler_.save_lengths(), {incidents_.begin(), incidents_.end()}};
}

Status DeviceWatch::restore(DeviceMemory memory, Instant now) {
  state_ = memory.state;
  state_synthetic_ = memory.state_synthetic;
  suspected_by_collector_ = memory.suspected_by_collector;
  for (Incident& incident : memory.incidents) {
    if (incident.verdict == Verdict::kOpen) {
      const auto probe = scheduler_.probe_index(incident.probe);
      const bool fits = probe && incident.unit < device_.units.size() && incident.operand_set < probes_[*probe].operand_sets;
      if (fits && !ladder_) {
        ladder_ = Ladder::resume(ladder_start(probes_[*probe], incident.variant, incident.operand_set, incident.id, now.mono), incident, now);
      } else {
        incident.verdict = Verdict::kUnreproduced;  // nothing left to retest it with: stays under suspicion
      }
    }
    remember_verdict(incident, now);
    keep(incident);
  }
  Status lengths = memory.lengths.empty() ? Status() : scheduler_.restore_lengths(memory.lengths);
  if (!memory.coverage.empty()) TRY(scheduler_.restore_coverage(memory.coverage, now));
  return lengths;
}

std::vector<ProbeOffer> DeviceWatch::offers() const {
  std::vector<ProbeOffer> offers;
  for (const probes::ProbeVariant& offer : options_.variants) {
    if (offer.runs() && is_valid_probe_id(offer.probe) && offers.size() < limits::kOffersPerDevice) offers.push_back({offer.probe, offer.variant, offer.ran_on_silicon});
  }
  return offers;
}

DeviceStatus DeviceWatch::status(Instant now) const {
  DeviceStatus status;
  status.device = device_;
  status.state = state_;
  status.oldest_cell_age = scheduler_.coverage().oldest_age(now);
  status.cells = scheduler_.coverage().cells();
  status.cells_covered = scheduler_.coverage().cells_covered();
  status.probe_ratio = scheduler_.probe_ratio(now.mono);
  status.budget_ratio = scheduler_.budget_ratio();
  return status;
}

}  // namespace assay::agent
