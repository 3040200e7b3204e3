// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/device/device_slice.h"

#include <algorithm>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "common/base/random.h"
#include "common/model/limits.h"
#include "probes/backend/idle.h"

namespace assay::probes::device {
namespace {

// After the end of the slice, for a launch that is late, before the device gives up by itself.
constexpr Duration kGrace = std::chrono::milliseconds{8};
// Of the budget, at most, for expected words: they are work of a core, which the agent charges to the device's budget. Once made they are kept.
constexpr int kExpectedShare = 4;
constexpr size_t kMostSets = 1024;

static_assert(static_cast<int>(FaultShape::kBitFlip) == ASSAY_SHAPE_BIT_FLIP && static_cast<int>(FaultShape::kStaleTile) == ASSAY_SHAPE_STALE_TILE &&
              static_cast<int>(FaultShape::kHang) == ASSAY_SHAPE_HANG && static_cast<int>(kLastFaultShape) == ASSAY_SHAPE_NAN_INF);

size_t set_limit(uint64_t job_bytes, uint64_t bytes_per_set) {
  return static_cast<size_t>(std::clamp<uint64_t>(job_bytes / std::max<uint64_t>(bytes_per_set, 1), 1, kMostSets));
}

// Whether runs that were complete before the error still pass.
bool leaves_passes(Inconclusive reason) { return reason == Inconclusive::kNoMemory || reason == Inconclusive::kStopped; }

}  // namespace

// A job and what its spans point into.
struct DeviceSlice::Launch {
  std::vector<SharedWords> operands;
  std::vector<SharedWords> expected;   // by set; empty: digests alone are compared
  std::vector<JobSet> sets;
  std::vector<JobUnit> units;
  std::vector<uint32_t> first_runs;    // by unit of the job
  Job job;
  Duration took{};
};

DeviceSlice::DeviceSlice(DeviceFrame& frame, const SliceTerms& terms)
    : frame_(frame),
      terms_(terms),
      deadline_(terms.start + terms.request.budget),
      pace_(frame.paces_[terms.offer.probe + "/" + terms.offer.variant]),
      set_limit_(set_limit(frame.options_.job_bytes, frame.accelerator_.bytes_per_set(terms.offer.probe, terms.offer.variant))) {
  for (size_t i = 0; i < terms.request.work.size(); ++i) {
    const uint32_t unit = terms.request.work[i].unit;
    const auto is_blind = [this, unit](uint32_t run) {
      return terms_.injection && terms_.injection->shape == FaultShape::kBlindComparator && is_planted(unit, run);
    };
    accounts_.emplace_back(terms.request, i, terms.spec.operand_sets, is_blind);
  }
  records_.resize(accounts_.size());
}

bool DeviceSlice::is_planted(uint32_t unit, uint32_t run) const {
  return terms_.injection && terms_.injection->unit == unit && is_hit(*terms_.injection, reach_of(terms_.request.synthetic), run);
}

// When the launch that begins now must have ended; absent at the end of the slice. Waits for the next step of power.
std::optional<MonoTime> DeviceSlice::next_launch_end() {
  const PowerSteps& steps = terms_.request.power_steps;
  for (;;) {
    const MonoTime now = BootClock::now();
    if (terms_.stop.load(std::memory_order_relaxed) || now >= deadline_) return std::nullopt;
    if (!steps.wanted()) return deadline_;
    const Duration cycle = (now - terms_.start) % (steps.on + steps.off);
    if (cycle >= steps.off) return std::min(deadline_, now + (steps.on + steps.off - cycle));
    idle_until(std::min(deadline_, now + (steps.off - cycle)), terms_.stop, frame_.options_.stop_descriptor);
  }
}

void DeviceSlice::compute() {
  const auto has_run = [](const UnitAccount& account) { return account.is_over() || account.runs() > 0; };
  while (const auto end = next_launch_end()) {
    const Duration left = std::max(*end - BootClock::now(), Duration{1});
    // Another launch would only be cut short.
    if (deadline_ - BootClock::now() < pace_.shortest() && std::all_of(accounts_.begin(), accounts_.end(), has_run)) return;
    const JobPlan plan = plan_job(accounts_, {pace_.next(left), terms_.request.max_runs, terms_.request.set_count, set_limit_});
    if (plan.units.empty() || !launch(plan, left)) return;
  }
}

bool DeviceSlice::launch(const JobPlan& plan, Duration left) {
  Launch launch;
  error_ = build(plan, launch);
  if (error_) return false;
  if (!add_expected(plan, launch, terms_.request.budget / kExpectedShare)) launch.expected.clear();
  const Result<JobResult> result = run_on_device(plan, launch, left + kGrace);
  if (!result) {
    error_ = result.error();
    return false;
  }
  pace_.learn(plan.runs, launch.took);
  account(plan, launch, *result);
  return true;
}

std::optional<Error> DeviceSlice::build(const JobPlan& plan, Launch& launch) {
  const std::string what = terms_.offer.probe + "/" + terms_.offer.variant;
  for (const uint32_t set : plan.sets) {
    SharedWords words = frame_.operand_cache_.find({what, set});
    if (!words) {
      auto made = frame_.accelerator_.operands(terms_.offer.probe, terms_.offer.variant, set);
      if (!made) return made.error();
      words = std::make_shared<const SetWords>(SetWords{std::move(*made), 0});
      frame_.operand_cache_.keep({what, set}, words);
    }
    const auto& goldens = terms_.request.goldens;
    launch.sets.push_back({set, words->words, {}, set < goldens.size() ? goldens[set] : Digest{}});
    launch.operands.push_back(std::move(words));
  }
  for (const PlannedUnit& planned : plan.units) {
    launch.units.push_back({accounts_[planned.account].unit(), planned.slots});
    launch.first_runs.push_back(accounts_[planned.account].runs());
  }
  return std::nullopt;
}

// False when they cannot be had for all sets.
bool DeviceSlice::add_expected(const JobPlan& plan, Launch& launch, Duration allowance) {
  for (size_t i = 0; i < plan.sets.size(); ++i) {
    SharedWords words = expected_of(plan.sets[i], computed_ < allowance);
    if (!words) {
      for (JobSet& set : launch.sets) set.expected = {};
      return false;
    }
    launch.sets[i].expected = words->words;
    launch.expected.push_back(std::move(words));
  }
  return true;
}

SharedWords DeviceSlice::expected_of(uint32_t set, bool may_compute) {
  const auto& goldens = terms_.request.goldens;
  if (set >= goldens.size()) return nullptr;
  const WordCache::Key key{terms_.offer.probe, set};
  SharedWords words = frame_.expected_cache_.find(key);
  if (!words && may_compute) {
    const MonoTime start = BootClock::now();
    words = frame_.expected_.compute(terms_.offer.probe, set);
    Digest128 digest;
    if (words) digest.add(words->words);
    // Wrong or absent ones are remembered as none, so that they are not made again for every slice.
    if (!words || digest.value() != goldens[set]) words = std::make_shared<const SetWords>();
    frame_.expected_cache_.keep(key, words);
    computed_ += BootClock::now() - start;
  }
  return words && !words->words.empty() ? words : nullptr;
}

void DeviceSlice::plant(const JobPlan& plan, Launch& launch) const {
  if (!terms_.injection) return;
  const Injection& injection = *terms_.injection;
  for (size_t i = 0; i < launch.units.size(); ++i) {
    if (launch.units[i].unit != injection.unit) continue;
    launch.job.hits.resize((plan.runs + 31) / 32);
    for (uint32_t run = 0; run < plan.runs; ++run) {
      if (is_planted(injection.unit, launch.first_runs[i] + run)) launch.job.hits[run / 32] |= uint32_t{1} << run % 32;
    }
    const PlantedFault fault = draw_fault(injection, reach_of(terms_.request.synthetic));
    launch.job.injection = {static_cast<assay_u32>(injection.shape), injection.unit, injection.step, fault.wants_state ? 1U : 0U, fault.place, fault.mask};
  }
}

Result<JobResult> DeviceSlice::run_on_device(const JobPlan& plan, Launch& launch, Duration deadline) {
  Job& job = launch.job;
  job.probe = terms_.offer.probe;
  job.variant = terms_.offer.variant;
  job.sets = launch.sets;
  job.units = launch.units;
  job.runs_per_unit = plan.runs;
  job.poison_seed = seed_from("poison", terms_.request.id * kRunsPerJobUnit + jobs_++);
  job.deadline = deadline;
  plant(plan, launch);
  const MonoTime start = BootClock::now();
  Result<JobResult> result = frame_.accelerator_.run(job, terms_.stop);
  launch.took = BootClock::now() - start;
  if (!result) {
    frame_.lost_ = frame_.lost_ || result.error().code == ErrorCode::kUnavailable;
    return result;
  }
  bool fits = result->units.size() == launch.units.size();
  for (size_t i = 0; fits && i < launch.units.size(); ++i) {
    fits = result->units[i].unit == launch.units[i].unit && result->units[i].digests.size() <= plan.runs;
  }
  if (!fits) return make_error(ErrorCode::kInternal, "the backend answered another job than it was given");
  return result;
}

void DeviceSlice::account(const JobPlan& plan, const Launch& launch, const JobResult& result) {
  check_expected_reads(plan, launch, result);
  for (size_t i = 0; i < plan.units.size(); ++i) {
    const size_t at = plan.units[i].account;
    UnitAccount& account = accounts_[at];
    const bool was_fine = !account.difference().has_value();
    account.take(result.units[i], {launch.first_runs[i], plan.runs, !launch.expected.empty(), result.took > Duration::zero() ? result.took : launch.took, result.confined_by});
    if (was_fine && account.difference()) keep_records(at, launch, result, launch.first_runs[i]);
  }
}

// A unit that read another expected word than it was given found a fault of memory or of the way to it, not of what it computed.
void DeviceSlice::check_expected_reads(const JobPlan& plan, const Launch& launch, const JobResult& result) {
  for (const AssayRecord& record : result.records) {
    if (record.slot >= launch.expected.size()) continue;
    const SetWords& given = *launch.expected[record.slot];
    const uint64_t at = uint64_t{record.step} * given.words_per_step + record.word;
    if (at >= given.words.size() || given.words[at] == record.expected) continue;
    for (const PlannedUnit& planned : plan.units) {
      UnitAccount& account = accounts_[planned.account];
      if (account.unit() != record.unit) continue;
      account.doubt_memory(fmt::format("unit {}: memory: read an expected word as {:016x} that was written as {:016x} (set {}, step {}, word {})", record.unit,
                                       record.expected, given.words[at], plan.sets[record.slot], record.step, record.word));
    }
  }
}

// Those of the unit's first failing run, when the device compared words.
void DeviceSlice::keep_records(size_t account, const Launch& launch, const JobResult& result, uint32_t first_run) {
  const Difference& found = *accounts_[account].difference();
  std::vector<MismatchRecord>& kept = records_[account];
  for (const AssayRecord& record : result.records) {
    const bool of_it = record.unit == accounts_[account].unit() && first_run + record.run == found.run && record.slot < launch.sets.size();
    if (!of_it || kept.size() == limits::kMismatchRecordsPerUnit) continue;
    kept.push_back({found.operand_set, record.step, record.word, record.lane, record.expected, record.actual, record.reread, record.unit, record.unit_after});
  }
  // Teams race for places in the list: in the order of the computation they are easier to read, and alike from one time to the next.
  std::sort(kept.begin(), kept.end(), [](const MismatchRecord& a, const MismatchRecord& b) {
    return std::pair(a.step, a.word_index) < std::pair(b.step, b.word_index);
  });
}

void DeviceSlice::vote() {
  std::vector<const UnitBallot*> ballots;
  std::set<uint32_t> heard;
  for (const UnitAccount& account : accounts_) {
    if (heard.insert(account.unit()).second) ballots.push_back(&account.ballot());
  }
  const AgreedDigests agreed = agree(ballots);
  for (UnitAccount& account : accounts_) account.settle(agreed);
}

std::string DeviceSlice::no_vote() const {
  return fmt::format("{}: no golden (tier {}), and no operand set that more than half of {} units or more agree on: peers compare it at the collector",
                     to_string(terms_.spec.ref), to_string(terms_.spec.tier), kMinVoters);
}

bool DeviceSlice::accuses() const {
  return std::any_of(accounts_.begin(), accounts_.end(), [](const UnitAccount& account) { return account.difference().has_value(); });
}

void DeviceSlice::find_records() {
  const MonoTime until = BootClock::now() + frame_.options_.diagnosis_time;
  for (size_t i = 0; i < accounts_.size(); ++i) {
    if (!accounts_[i].difference()) continue;
    const Duration left = until - BootClock::now();
    const bool can_repeat = !frame_.lost_ && !error_ && left > Duration::zero() && !terms_.stop.load(std::memory_order_relaxed);
    if (records_[i].empty() && can_repeat) repeat(i, left);
    if (records_[i].empty()) records_[i].push_back(whole_digest(i));
  }
}

// The failing run alone, with its operands and its fault, where the device can compare words. It is evidence only, and counts nowhere.
void DeviceSlice::repeat(size_t account, Duration left) {
  const Difference found = *accounts_[account].difference();
  const JobPlan plan{1, {found.operand_set}, {{account, {0}}}};
  Launch launch;
  if (build(plan, launch) || !add_expected(plan, launch, Duration::max())) return;
  launch.first_runs = {found.run};
  if (const Result<JobResult> result = run_on_device(plan, launch, left)) keep_records(account, launch, *result, found.run);
}

MismatchRecord DeviceSlice::whole_digest(size_t account) const {
  const Difference& found = *accounts_[account].difference();
  const uint32_t unit = accounts_[account].unit();
  return {found.operand_set, 0, MismatchRecord::kWholeDigest, 0, found.expected.low, found.actual.low, found.actual.low, unit, unit};
}

std::vector<UnitRun> DeviceSlice::conclude(std::string& detail) {
  std::vector<UnitRun> units;
  if (error_) detail = error_->message;
  for (size_t i = 0; i < accounts_.size(); ++i) {
    UnitRun unit = accounts_[i].conclude();
    const Inconclusive reason = error_ ? reason_of(*error_) : Inconclusive::kNone;
    const bool unanswered = unit.result.runs == 0 && unit.result.reason == Inconclusive::kStopped;
    const bool may_pass = unit.result.outcome == Outcome::kMatch && leaves_passes(reason);
    if (error_ && (unanswered || (unit.result.outcome == Outcome::kMatch && !may_pass))) withdraw(unit, reason);
    if (unit.result.outcome == Outcome::kMismatch) unit.result.records = std::move(records_[i]);
    if (detail.empty()) detail = accounts_[i].words();
    if (detail.empty() && !has_golden(terms_.spec.tier) && unit.result.reason == Inconclusive::kNoGolden) detail = no_vote();
    units.push_back(std::move(unit));
  }
  return units;
}

}  // namespace assay::probes::device
