// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/cuda/launcher.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "common/base/check.h"
#include "probes/backend/cuda/architecture.h"
#include "probes/backend/cuda/confinement.h"
#include "probes/backend/cuda/images.h"
#include "probes/backend/cuda/offer.h"
#include "probes/backend/device/arrival.h"

namespace assay::probes::cuda {
namespace {

// Blocks of an exclusive launch begin within microseconds of each other; the bound is for the case that the device does not keep its word.
constexpr uint64_t kExclusiveHoldNs = 5'000'000;
// Long enough for the blocks of one launch to be dealt out, short beside a launch.
constexpr uint64_t kOpportunisticHoldNs = 200'000;
// A model of random placement covers a device of 132 units, 60 % of them busy, in 11 launches; what is left then waits for the next slice.
constexpr uint32_t kMostAttempts = 16;
constexpr Duration kLeastDeadline = std::chrono::milliseconds(1);

uint32_t set_count_of(const device::Job& job) { return job.units.empty() ? 0 : static_cast<uint32_t>(job.units.front().slots.size()); }

Status check_job(const device::Job& job, const DeviceProgram& program, const UnitMap& map, bool allow_injection) {
  const auto wrong = [](std::string words) { return make_error(ErrorCode::kInvalid, std::move(words)); };
  if (job.runs_per_unit > device::kRunsPerJobUnit) return wrong(fmt::format("{} runs a unit, {} are the most", job.runs_per_unit, device::kRunsPerJobUnit));
  if (job.injection.shape != ASSAY_SHAPE_NONE && !allow_injection) return wrong("this device was opened without planted faults");
  for (const device::JobSet& set : job.sets) {
    if (set.operands.size() != program.shape.operand_words() || (!set.expected.empty() && set.expected.size() != program.shape.run_words()) ||
        set.expected.empty() != job.sets.front().expected.empty()) {
      return wrong(fmt::format("operand set {} is not of the shape of {}", set.number, program.kernel));
    }
  }
  for (const device::JobUnit& unit : job.units) {
    if (unit.unit >= map.unit_count()) return wrong(fmt::format("there is no unit {}, only {}", unit.unit, map.unit_count()));
    if (unit.slots.empty() || unit.slots.size() != set_count_of(job)) return wrong("the units of a job have operand sets of the same number");
    for (const uint32_t slot : unit.slots) {
      if (slot >= job.sets.size()) return wrong(fmt::format("there is no operand set at {}", slot));
    }
  }
  return {};
}

}  // namespace

CudaAccelerator::CudaAccelerator(const DriverApi& api, DeviceFacts facts, std::vector<DeviceProgram> programs, const device::OpenOptions& options)
    : api_(api), facts_(std::move(facts)), programs_(std::move(programs)), options_(options), fetcher_(api_, facts_.peers, options.memory_bytes) {}

Result<std::unique_ptr<CudaAccelerator>> CudaAccelerator::open(const DriverApi& api, DeviceFacts facts, std::vector<DeviceProgram> programs,
                                                               const device::OpenOptions& options) {
  facts.neighbourhood.mps_allowed = options.allow_mps;
  TRY(may_open(facts.neighbourhood));
  std::unique_ptr<CudaAccelerator> accelerator(new CudaAccelerator(api, std::move(facts), std::move(programs), options));
  TRY(accelerator->take_census());
  return accelerator;
}

std::vector<device::Offer> CudaAccelerator::offers() const {
  std::vector<device::Offer> all;
  for (const DeviceProgram& program : programs_) all.push_back(offer_of(program, facts_.chip, images(), options_.new_architecture));
  return all;
}

const DeviceProgram* CudaAccelerator::find(std::string_view probe, std::string_view variant) const {
  const auto found =
      std::ranges::find_if(programs_, [&](const DeviceProgram& program) { return program.probe == probe && (variant.empty() || program.variant == variant); });
  return found == programs_.end() ? nullptr : &*found;
}

Result<std::vector<uint64_t>> CudaAccelerator::operands(std::string_view probe, std::string_view variant, uint32_t operand_set) const {
  const DeviceProgram* program = find(probe, variant);
  if (program == nullptr) return make_error(ErrorCode::kNotFound, fmt::format("the CUDA backend has no {} in variant {}", probe, variant));
  std::vector<uint64_t> words(program->shape.operand_words());
  const std::span all(words);
  program->operands(operand_set, all.first(program->shape.state_words), all.subspan(program->shape.state_words));
  return words;
}

uint64_t CudaAccelerator::bytes_per_set(std::string_view probe, std::string_view variant) const {
  const DeviceProgram* program = find(probe, variant);
  if (program == nullptr) return 0;
  return (program->shape.operand_words() + program->shape.run_words() + program->shape.scratch_words) * sizeof(uint64_t);
}

Result<Session*> CudaAccelerator::session() {
  if (!session_) session_.emplace(TRY(Session::open(api_, facts_.handle, options_.new_architecture)));
  return &*session_;
}

Result<uint64_t> CudaAccelerator::cap_bytes() {
  Session* const at = TRY(session());
  return memory_cap(options_.memory_bytes, TRY(at->free_bytes()), at->memory_bytes());
}

// Plays one kernel of census.cu over `table`; brings back the table and the board.
Result<AssayBoard> CudaAccelerator::census_launch(std::string_view name, std::vector<AssayUnit>& table) {
  Session* const at = TRY(session());
  const LoadedKernel kernel = TRY(at->kernel("census", name));
  LaunchSizes sizes;
  sizes.unit_slots = static_cast<uint32_t>(table.size());
  const MemoryPlan plan = MemoryPlan::make(device::ProgramShape{}, sizes);
  const DriverAddress base = TRY(at->memory(plan.bytes));
  AssayLaunch launch{};
  launch.unit_slots = sizes.unit_slots;
  AssayBoard board{};
  TRY(at->upload(base + plan.launch, &launch, sizeof(launch)));
  TRY(at->upload(base + plan.board, &board, sizeof(board)));
  TRY(at->upload(base + plan.units, table.data(), table.size() * sizeof(AssayUnit)));
  LaunchPart part;
  part.wanted.resize(facts_.device.units.size());
  const bool cooperative = facts_.cooperative && !facts_.neighbourhood.mps && !reach_.is_confined();
  AssayArguments arguments = launch_arguments(plan, base, part, cooperative, cooperative ? kExclusiveHoldNs : kOpportunisticHoldNs);
  DeviceProgram census;
  census.kernel = name;
  census.shape.lanes = 32;
  census.most_teams = 1;
  const BlockPlan block = TRY(plan_block(census, facts_.chip, kernel.static_shared_bytes, 1));
  const auto blocks = table.empty() ? 1U : static_cast<uint32_t>(facts_.device.units.size());
  TRY(at->launch(kernel, blocks, block.lanes, block.dynamic_shared_bytes, cooperative, &arguments));
  TRY(at->download(table.data(), base + plan.units, table.size() * sizeof(AssayUnit)));
  TRY(at->download(&board, base + plan.board, sizeof(board)));
  TRY(at->wait("counting units"));
  return board;
}

Status CudaAccelerator::take_census() {
  const auto count = static_cast<uint32_t>(facts_.device.units.size());
  const char* percentage = std::getenv("CUDA_MPS_ACTIVE_THREAD_PERCENTAGE");  // NOLINT(concurrency-mt-unsafe)
  reach_ = reach_of(ask_reach(api_, TRY(session())->context(), count, facts_.neighbourhood.mps, percentage == nullptr ? "" : percentage));
  std::vector<AssayUnit> none;
  const uint32_t bound = TRY(census_launch("census_bound_kernel", none)).nsmid;
  std::vector<uint32_t> seen;
  std::vector<AssayUnit> table(bound);
  for (AssayUnit& unit : table) unit.wanted = 1;
  CensusSoFar so_far;
  while ((bound != count || reach_.is_confined()) && census_goes_on(reach_, count, so_far)) {
    TRY(census_launch("census_kernel", table));
    seen.clear();
    for (uint32_t number = 0; number < bound; ++number) {
      if (table[number].claims != 0) seen.push_back(number);
    }
    so_far = {so_far.launches + 1, static_cast<uint32_t>(seen.size()), seen.size() > so_far.seen ? 0 : so_far.without_news + 1};
  }
  map_ = TRY(UnitMap::make(count, bound, seen, reach_));
  return {};
}

LaunchSizes CudaAccelerator::sizes_of(const device::Job& job, uint32_t teams, uint32_t runs) const {
  LaunchSizes sizes;
  sizes.unit_slots = map_->bound();
  sizes.units = static_cast<uint32_t>(job.units.size());
  sizes.teams = teams;
  sizes.sets = static_cast<uint32_t>(job.sets.size());
  sizes.set_count = set_count_of(job);
  sizes.runs_per_unit = runs;
  sizes.has_expected = !job.sets.empty() && !job.sets.front().expected.empty();
  return sizes;
}

// The program of a job that this device can do.
Result<const DeviceProgram*> CudaAccelerator::check(const device::Job& job) const {
  const DeviceProgram* program = find(job.probe, job.variant);
  if (program == nullptr) return make_error(ErrorCode::kNotFound, fmt::format("the CUDA backend has no {} in variant {}", job.probe, job.variant));
  const device::Offer offer = offer_of(*program, facts_.chip, images(), options_.new_architecture);
  if (!offer.missing.empty()) return make_error(ErrorCode::kUnsupported, offer.missing);
  if (program->cluster != 1 && reach_.is_confined()) {
    return make_error(ErrorCode::kUnsupported, fmt::format("{} needs the whole device, and this process is confined: {}", program->kernel, reach_.why));
  }
  TRY(check_job(job, *program, *map_, options_.allow_injection));
  return program;
}

// Looks the kernel up, shapes its blocks, takes the memory and brings the operands there.
Result<CudaAccelerator::Running> CudaAccelerator::prepare(const device::Job& job) {
  const DeviceProgram* program = TRY(check(job));
  Session* const at = TRY(session());
  const LoadedKernel kernel = TRY(at->kernel(program->image, program->kernel));
  Running running{job, *program, kernel, {}, LaunchMode::kExclusive, BootClock::now() + job.deadline, {}, 0, 0};
  if (!facts_.cooperative || facts_.neighbourhood.mps || reach_.is_confined()) running.mode = LaunchMode::kOpportunistic;
  const uint32_t most_teams = std::min(job.runs_per_unit, kernel.most_lanes / program->shape.lanes);
  const BlockPlan most = TRY(plan_block(*program, facts_.chip, running.kernel.static_shared_bytes, most_teams));
  const uint64_t cap = TRY(cap_bytes());
  const uint32_t teams = TRY(teams_within(program->shape, sizes_of(job, most.teams, job.runs_per_unit), cap));
  running.block = TRY(plan_block(*program, facts_.chip, running.kernel.static_shared_bytes, teams));
  running.plan = MemoryPlan::make(program->shape, sizes_of(job, teams, job.runs_per_unit));
  running.reserved = running.plan.bytes;
  if (walks(program->shape) && cap > running.plan.bytes) {
    running.reserved = cap;
    running.window = window_offset(cap, running.plan.bytes, walks_++);
  }
  const DriverAddress base = TRY(base_of(running));
  TRY(fetcher_.prepare(*at, program->arrival));
  const uint64_t run_bytes = program->shape.run_words() * sizeof(uint64_t);
  // Operands that do not arrive must not be there from the job before.
  TRY(at->clear(base + running.plan.operands, job.sets.size() * program->shape.operand_words() * sizeof(uint64_t)));
  for (size_t i = 0; i < job.sets.size(); ++i) {
    const device::JobSet& set = job.sets[i];
    TRY(at->upload(base + running.plan.operands + i * set.operands.size_bytes(), set.operands.data(), set.operands.size_bytes()));
    if (!set.expected.empty()) TRY(at->upload(base + running.plan.expected + i * run_bytes, set.expected.data(), set.expected.size_bytes()));
  }
  return running;
}

Status CudaAccelerator::launch_once(Running& running, const LaunchPart& part, uint32_t attempt) {
  Session* const at = TRY(session());
  const MemoryPlan& plan = running.plan;
  const DriverAddress base = TRY(base_of(running));
  const std::vector<std::byte> words = launch_words(running.program.shape, running.job, *map_, plan, part);
  TRY(at->upload(base, words.data(), words.size()));
  TRY(at->clear(base + plan.results, running.job.units.size() * part.runs * sizeof(AssayRun)));
  TRY(at->clear(base + plan.scratch, plan.scratch_bytes));
  const uint32_t unit_count = map_->unit_count();
  if (running.mode == LaunchMode::kExclusive) {
    AssayArguments arguments = launch_arguments(plan, base, part, true, kExclusiveHoldNs);
    const uint32_t blocks = unit_count / running.program.cluster * running.program.cluster;
    Status launched = at->launch(running.kernel, blocks, running.block.lanes, running.block.dynamic_shared_bytes, running.program.cluster == 1, &arguments);
    if (launched.ok()) return at->wait(running.program.kernel);
    // Not all blocks fit at once: a part of the units is held by others.
    if (launched.error().code != ErrorCode::kUnsupported || running.program.cluster != 1) return launched;
    running.mode = LaunchMode::kOpportunistic;
  }
  if (running.program.cluster != 1) return make_error(ErrorCode::kConflict, fmt::format("{} needs the whole device, and others hold a part of it", running.program.kernel));
  AssayArguments arguments = launch_arguments(plan, base, part, false, kOpportunisticHoldNs);
  const uint32_t blocks = blocks_of_launch(static_cast<uint32_t>(part.wanted.size()), map_->reachable_count(), attempt);
  TRY(at->launch(running.kernel, blocks, running.block.lanes, running.block.dynamic_shared_bytes, false, &arguments));
  return at->wait(running.program.kernel);
}

Result<DriverAddress> CudaAccelerator::base_of(const Running& running) {
  Session* const at = TRY(session());
  return TRY(at->memory(running.reserved)) + running.window;
}

// Puts what arrives of the outputs that a launch has kept in the place of the device's own digests. Records of words that the way changed join the others.
Status CudaAccelerator::fetch_outputs(const Running& running, const LaunchPart& part, std::span<const AssayUnit> table, std::span<AssayRun> runs,
                                      std::vector<AssayRecord>& records) {
  Session* const at = TRY(session());
  const device::ProgramShape& shape = running.program.shape;
  for (const uint32_t position : part.wanted) {
    const uint32_t unit = map_->hardware_of(running.job.units[position].unit);
    if (table[unit].claims == 0) continue;
    // Run i of the launch is team i's, and teams lie side by side.
    const DriverAddress from = TRY(base_of(running)) + running.plan.scratch + uint64_t{position} * part.teams * shape.scratch_words * sizeof(uint64_t);
    for (uint32_t i = 0; i < part.runs; ++i) {
      AssayRun& run = runs[size_t{position} * part.runs + i];
      if (run.done != 1) continue;
      const Digest sent{run.high, run.low};
      const DriverAddress outputs = from + uint64_t{i} * shape.scratch_words * sizeof(uint64_t);
      const std::span<const uint64_t> arrived = TRY(fetcher_.fetch(*at, outputs, shape.run_words(), running.program.arrival));
      if (!device::take_arrival(run, arrived) || records.size() >= ASSAY_RECORDS) continue;
      const std::vector<uint64_t> first(arrived.begin(), arrived.end());
      const std::span<const uint64_t> again = TRY(fetcher_.fetch(*at, outputs, shape.run_words(), Arrival::kHost));
      for (AssayRecord& record : device::arrival_records(shape, sent, first, again, ASSAY_RECORDS - records.size())) {
        record.unit = record.unit_after = unit;
        record.run = i;
        const std::vector<uint32_t>& slots = running.job.units[position].slots;
        ASSAY_CHECK(!slots.empty());
        record.slot = slots[(part.first_run + i) % slots.size()];
        records.push_back(record);
      }
    }
  }
  return {};
}

// Brings the results of a launch back; returns who was not reached.
Result<std::vector<uint32_t>> CudaAccelerator::collect(const Running& running, const LaunchPart& part, JobLedger& ledger) {
  Session* const at = TRY(session());
  const MemoryPlan& plan = running.plan;
  const DriverAddress base = TRY(base_of(running));
  std::vector<AssayUnit> table(map_->bound());
  std::vector<AssayRun> runs(running.job.units.size() * part.runs);
  AssayBoard board{};
  TRY(at->download(table.data(), base + plan.units, table.size() * sizeof(AssayUnit)));
  TRY(at->download(runs.data(), base + plan.results, runs.size() * sizeof(AssayRun)));
  TRY(at->download(&board, base + plan.board, sizeof(board)));
  TRY(at->wait("bringing results back"));
  std::vector<AssayRecord> records(std::min<uint32_t>(board.record_count, ASSAY_RECORDS));
  TRY(at->download(records.data(), base + plan.records, records.size() * sizeof(AssayRecord)));
  TRY(at->wait("bringing records back"));
  if (running.program.arrival != Arrival::kStays) {
    const size_t before = records.size();
    TRY(fetch_outputs(running, part, table, runs, records));
    board.record_count += static_cast<uint32_t>(records.size() - before);
  }
  ledger.add(part, table, runs);
  ledger.add_records(part, records, board.record_count);
  return unreached(running.job, *map_, part, table);
}

// One part of the runs, launched until every unit was reached or it is not worth more.
Status CudaAccelerator::run_part(Running& running, LaunchPart part, JobLedger& ledger) {
  for (uint32_t attempt = 0; attempt < kMostAttempts && !part.wanted.empty(); ++attempt) {
    const MonoTime begun = BootClock::now();
    if (attempt > 0 && begun >= running.deadline) break;
    part.deadline_ns = static_cast<uint64_t>(std::max<Duration>(running.deadline - begun, kLeastDeadline) / std::chrono::nanoseconds(1));
    TRY(launch_once(running, part, attempt));
    round_times_[std::string(running.program.kernel)] = (BootClock::now() - begun) / ((part.runs + part.teams - 1) / part.teams);
    part.wanted = TRY(collect(running, part, ledger));
    if (!part.wanted.empty() && running.program.cluster != 1) break;
    if (!part.wanted.empty()) running.mode = LaunchMode::kOpportunistic;
  }
  ledger.close(part.wanted);
  return {};
}

Result<device::JobResult> CudaAccelerator::run_group(const device::Job& job, const std::atomic<bool>& stop) {
  const MonoTime begun = BootClock::now();
  Running running = TRY(prepare(job));
  JobLedger ledger(job, *map_);
  uint32_t first = 0;
  while (first < job.runs_per_unit && !stop.load(std::memory_order_relaxed) && BootClock::now() < running.deadline) {
    LaunchPart part;
    part.first_run = first;
    part.teams = running.block.teams;
    // Outputs that are fetched are those of one run of each team.
    const Duration time = running.program.shape.keeps_outputs() ? Duration::zero() : kLaunchTime;
    part.runs = runs_of_launch(job.runs_per_unit - first, part.teams, round_times_[std::string(running.program.kernel)], time);
    part.wanted = ledger.going_on();
    if (part.wanted.empty()) break;
    first += part.runs;
    TRY(run_part(running, std::move(part), ledger));
  }
  device::JobResult result = ledger.take(BootClock::now() - begun);
  result.confined_by = reach_.why;
  return result;
}

// In groups of units, where all together would need more memory than may be taken.
Result<device::JobResult> CudaAccelerator::run_job(const device::Job& job, const std::atomic<bool>& stop) {
  const MonoTime begun = BootClock::now();
  const DeviceProgram* program = TRY(check(job));
  const uint64_t cap = TRY(cap_bytes());
  const size_t group = units_within(program->shape, sizes_of(job, 1, job.runs_per_unit), cap);
  device::JobResult all;
  for (size_t first = 0; first < job.units.size(); first += group) {
    device::Job part = job;
    part.units = job.units.subspan(first, std::min(group, job.units.size() - first));
    part.deadline = std::max<Duration>(job.deadline - (BootClock::now() - begun), kLeastDeadline);
    device::JobResult result = TRY(run_group(part, stop));
    std::ranges::move(result.units, std::back_inserter(all.units));
    for (const AssayRecord& record : result.records) {
      if (all.records.size() < ASSAY_RECORDS) {
        all.records.push_back(record);
      } else {
        ++all.records_lost;
      }
    }
    all.records_lost += result.records_lost;
    all.confined_by = result.confined_by;
  }
  all.took = BootClock::now() - begun;
  return all;
}

Result<device::JobResult> CudaAccelerator::run(const device::Job& job, const std::atomic<bool>& stop) {
  Result<device::JobResult> result = run_job(job, stop);
  // Short memory is given back whole, context and all; the next job asks again.
  if (!result.ok() && result.error().code == ErrorCode::kLimit) {
    fetcher_.release();
    session_.reset();
  }
  return result;
}

}  // namespace assay::probes::cuda
