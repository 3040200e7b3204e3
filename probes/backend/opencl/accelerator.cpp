// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/opencl/accelerator.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "probes/backend/device/arrival.h"
#include "probes/backend/opencl/capabilities.h"
#include "probes/backend/opencl/program_source.h"

namespace assay::probes::opencl {
namespace {

Result<const device::Program*> find_offered(std::string_view probe, std::string_view variant) {
  const device::Program* program = device::find_program(probe);
  if (program == nullptr) return make_error(ErrorCode::kNotFound, fmt::format("the OpenCL backend has no program for {}", probe));
  if (variant != kVariant) return make_error(ErrorCode::kNotFound, fmt::format("the OpenCL backend runs {} as {} alone, not as {}", probe, kVariant, variant));
  return program;
}

std::string missing_for(const DeviceFacts& facts, const device::Program& program) {
  const Result<ProgramSource> source = program_source(program.shape.name);
  if (!source.ok()) return source.error().message;
  return what_is_missing(facts, program.shape, needs_of(source->program));
}

template <typename T>
std::span<const std::byte> bytes_of(const std::vector<T>& words) { return std::as_bytes(std::span(words)); }
template <typename T>
std::span<const std::byte> bytes_of(const T& one) { return std::as_bytes(std::span(&one, 1)); }

Duration since(MonoTime begun) { return BootClock::now() - begun; }

}  // namespace

// One job under way.
struct OpenclAccelerator::JobRun {
  const device::Job& job;
  const device::Program& program;
  const Kernel& kernel;
  SharedBuffers shared;
  std::vector<UnitBuffers> units;
  JobLedger ledger;
};

OpenclAccelerator::OpenclAccelerator(const Api& api, const DriverDevice& found, Device device, const device::OpenOptions& options)
    : api_(api), found_(found), device_(std::move(device)), options_(options) {}

Result<std::unique_ptr<device::Accelerator>> OpenclAccelerator::open(const Api& api, const DriverDevice& found, Device device, const device::OpenOptions& options) {
  std::unique_ptr<OpenclAccelerator> accelerator(new OpenclAccelerator(api, found, std::move(device), options));
  TRY(accelerator->open_units());
  return std::unique_ptr<device::Accelerator>(std::move(accelerator));
}

Status OpenclAccelerator::open_units() {
  if (found_.facts.partitions && device_.units.size() > 1) {
    parts_ = TRY(partition(api_, found_));
    for (const SubDevice& part : parts_) unit_devices_.push_back(part.get());
  } else {
    unit_devices_.push_back(found_.handle);
  }
  if (unit_devices_.size() != device_.units.size()) {
    return make_error(ErrorCode::kUnavailable, fmt::format("{} gives {} sub-devices of its {} compute units", device_.model, unit_devices_.size(), device_.units.size()));
  }
  context_ = TRY(create_context(api_, unit_devices_));
  queues_.resize(unit_devices_.size());
  return {};
}

std::vector<device::Offer> OpenclAccelerator::offers() const {
  std::vector<device::Offer> offers;
  for (const device::Program& program : device::programs()) {
    device::Offer offer;
    offer.probe = program.probe_id;
    offer.missing = missing_for(found_.facts, program);
    if (offer.missing.empty()) offer.variant = kVariant;
    offer.silicon = program.silicon;
    if (found_.facts.is_cpu()) offer.silicon += " (of a CPU, as its OpenCL driver compiles it)";
    offers.push_back(std::move(offer));
  }
  return offers;
}

Result<std::vector<uint64_t>> OpenclAccelerator::operands(std::string_view probe, std::string_view variant, uint32_t operand_set) const {
  return device::operands_of(*TRY(find_offered(probe, variant)), operand_set);
}

uint64_t OpenclAccelerator::bytes_per_set(std::string_view probe, std::string_view variant) const {
  const Result<const device::Program*> program = find_offered(probe, variant);
  if (!program.ok()) return 0;
  return memory_need((*program)->shape, 1, true, 1, 1).all(1);
}

MemoryLimits OpenclAccelerator::limits() const {
  return {std::min(options_.memory_bytes, found_.facts.global_bytes / kShareOfMemory), found_.facts.buffer_bytes};
}

Status OpenclAccelerator::check(const device::Job& job, const device::Program& program) const {
  const auto refuse = [&](std::string_view what) { return make_error(ErrorCode::kInvalid, fmt::format("a job of {}: {}", job.probe, what)); };
  if (const std::string missing = missing_for(found_.facts, program); !missing.empty()) {
    return make_error(ErrorCode::kUnsupported, fmt::format("{} cannot run {}: {}", device_.model, job.probe, missing));
  }
  if (job.sets.empty() || job.units.empty()) return refuse("no operand sets or no units");
  if (job.runs_per_unit == 0 || job.runs_per_unit > device::kRunsPerJobUnit) return refuse(fmt::format("{} runs of a unit", job.runs_per_unit));
  for (const device::JobSet& set : job.sets) {
    if (set.operands.size() != program.shape.operand_words()) return refuse(fmt::format("{} operand words", set.operands.size()));
    const size_t expected = job.sets.front().expected.empty() ? 0 : program.shape.run_words();
    if (set.expected.size() != expected) return refuse(fmt::format("{} expected words", set.expected.size()));
  }
  for (const device::JobUnit& unit : job.units) {
    if (unit.unit >= device_.units.size()) return refuse(fmt::format("unit {} of {}", unit.unit, device_.units.size()));
    if (unit.slots.empty()) return refuse("a unit without operand sets");
    for (const uint32_t slot : unit.slots) {
      if (slot >= job.sets.size()) return refuse(fmt::format("operand set {} of {}", slot, job.sets.size()));
    }
  }
  if (job.injection.shape != ASSAY_SHAPE_NONE && !options_.allow_injection) return refuse("faults are not allowed on this device");
  return {};
}

// A compute unit of its own does one work-group at a time on a CPU; a whole device needs many.
uint32_t OpenclAccelerator::teams_wanted(const device::Job& job) const {
  if (found_.facts.is_cpu() && unit_devices_.size() > 1) return 1;
  const uint32_t units = unit_devices_.size() > 1 ? 1 : std::max(found_.facts.compute_units, 1U);
  return std::min(job.runs_per_unit, units * kTeamsPerComputeUnit);
}

Result<const Kernel*> OpenclAccelerator::kernel_of(const device::Program& program) {
  const auto known = built_.find(program.shape.name);
  if (known != built_.end()) return &known->second.kernel;
  const ProgramSource source = TRY(program_source(program.shape.name));
  Result<BuiltProgram> built = build(api_, context_, unit_devices_, source.text, build_options(found_.facts), kKernelName);
  if (!built.ok()) return built.error().in(fmt::format("{} builds no {}", device_.model, program.shape.name));
  return &built_.emplace(program.shape.name, std::move(*built)).first->second.kernel;
}

Result<const Queue*> OpenclAccelerator::queue_of(uint32_t unit) {
  if (!queues_[unit]) queues_[unit] = TRY(create_queue(api_, context_, unit_devices_[unit], found_.facts));
  return &queues_[unit];
}

Result<OpenclAccelerator::SharedBuffers> OpenclAccelerator::upload(const device::Job& job, const device::ProgramShape& shape) {
  std::vector<uint64_t> operands;
  std::vector<uint64_t> expected;
  operands.reserve(job.sets.size() * shape.operand_words());
  for (const device::JobSet& set : job.sets) {
    operands.insert(operands.end(), set.operands.begin(), set.operands.end());
    expected.insert(expected.end(), set.expected.begin(), set.expected.end());
  }
  // No buffer may be empty.
  if (operands.empty()) operands.push_back(0);
  if (expected.empty()) expected.push_back(0);
  SharedBuffers shared;
  shared.operands = TRY(create_buffer(api_, context_, operands.size() * sizeof(uint64_t), kMemReadOnly));
  shared.expected = TRY(create_buffer(api_, context_, expected.size() * sizeof(uint64_t), kMemReadOnly));
  const Queue* queue = TRY(queue_of(job.units.front().unit));
  // Operands that do not arrive must not be there from the job before: drivers hand the same memory out again.
  TRY(fill_zero(api_, *queue, shared.operands, operands.size() * sizeof(uint64_t)));
  TRY(write(api_, *queue, shared.operands, bytes_of(operands)));
  TRY(write(api_, *queue, shared.expected, bytes_of(expected)));
  return shared;
}

Result<OpenclAccelerator::UnitBuffers> OpenclAccelerator::take_buffers(const device::Job& job, const device::ProgramShape& shape, uint32_t teams) {
  const auto take = [this](uint64_t bytes, ApiBits flags) { return create_buffer(api_, context_, bytes, flags); };
  size_t most_slots = 1;
  for (const device::JobUnit& unit : job.units) most_slots = std::max(most_slots, unit.slots.size());
  UnitBuffers buffers;
  buffers.launch = TRY(take(sizeof(AssayLaunch), kMemReadOnly));
  buffers.unit = TRY(take(sizeof(AssayUnit), kMemReadWrite));
  buffers.slots = TRY(take(most_slots * sizeof(uint32_t), kMemReadOnly));
  buffers.hits = TRY(take((job.runs_per_unit + 31) / 32 * sizeof(uint32_t), kMemReadOnly));
  buffers.scratch = TRY(take(uint64_t{teams} * shape.scratch_words * sizeof(uint64_t), kMemReadWrite));
  buffers.results = TRY(take(uint64_t{job.runs_per_unit} * sizeof(AssayRun), kMemReadWrite));
  buffers.records = TRY(take(ASSAY_RECORDS * sizeof(AssayRecord), kMemReadWrite));
  buffers.record_count = TRY(take(sizeof(uint32_t), kMemReadWrite));
  return buffers;
}

Status OpenclAccelerator::prepare(JobRun& run, const Part& part, uint32_t position) {
  const LaunchWords words = launch_words(run.job, run.program.shape, part, position);
  const Queue& queue = *TRY(queue_of(run.job.units[position].unit));
  const UnitBuffers& buffers = run.units[position];
  AssayUnit row{};
  row.wanted = 1;
  TRY(write(api_, queue, buffers.launch, bytes_of(words.launch)));
  TRY(write(api_, queue, buffers.unit, bytes_of(row)));
  TRY(write(api_, queue, buffers.slots, bytes_of(words.slots)));
  TRY(write(api_, queue, buffers.hits, bytes_of(words.hits)));
  TRY(fill_zero(api_, queue, buffers.scratch, uint64_t{part.teams} * run.program.shape.scratch_words * sizeof(uint64_t)));
  TRY(fill_zero(api_, queue, buffers.results, uint64_t{part.runs} * sizeof(AssayRun)));
  return fill_zero(api_, queue, buffers.record_count, sizeof(uint32_t));
}

Result<Event> OpenclAccelerator::start(JobRun& run, const Part& part, uint32_t position) {
  TRY(prepare(run, part, position));
  const uint32_t unit = run.job.units[position].unit;
  const UnitBuffers& own = run.units[position];
  const std::array arguments = {own.launch.get(),          own.unit.get(),    own.slots.get(),   own.hits.get(),    run.shared.operands.get(),
                                run.shared.expected.get(), own.scratch.get(), own.results.get(), own.records.get(), own.record_count.get()};
  TRY(set_arguments(api_, run.kernel, arguments, unit));
  return launch(api_, *TRY(queue_of(unit)), run.kernel, part.teams, run.program.shape.lanes);
}

Status OpenclAccelerator::collect(JobRun& run, const Part& part, uint32_t position, const Event& event) {
  const Queue& queue = *TRY(queue_of(run.job.units[position].unit));
  const UnitBuffers& own = run.units[position];
  TRY(finish(api_, queue));
  LaunchOutcome outcome;
  outcome.busy = time_of(api_, event);
  outcome.runs.resize(part.runs);
  TRY(read(api_, queue, own.unit, std::as_writable_bytes(std::span(&outcome.unit, 1))));
  TRY(read(api_, queue, own.results, std::as_writable_bytes(std::span(outcome.runs))));
  TRY(read(api_, queue, own.record_count, std::as_writable_bytes(std::span(&outcome.records_asked, 1))));
  if (outcome.records_asked != 0) {
    outcome.records.resize(std::min<uint32_t>(outcome.records_asked, ASSAY_RECORDS));
    TRY(read(api_, queue, own.records, std::as_writable_bytes(std::span(outcome.records))));
  }
  if (run.program.shape.keeps_outputs()) TRY(fetch_outputs(run, part, position, outcome));
  run.ledger.add(part, position, outcome);
  return {};
}

// Puts what arrives of the outputs that a launch has kept in the place of the device's own digests. Run i of the launch is team i's.
Status OpenclAccelerator::fetch_outputs(const JobRun& run, const Part& part, uint32_t position, LaunchOutcome& outcome) {
  const device::JobUnit& unit = run.job.units[position];
  const Queue& queue = *TRY(queue_of(unit.unit));
  const device::ProgramShape& shape = run.program.shape;
  std::vector<uint64_t> arrived(size_t{part.teams} * shape.scratch_words);
  std::vector<uint64_t> again;
  TRY(read(api_, queue, run.units[position].scratch, std::as_writable_bytes(std::span(arrived))));
  for (uint32_t i = 0; i < part.runs; ++i) {
    AssayRun& one = outcome.runs[i];
    const size_t at = size_t{i} * shape.scratch_words;
    const Digest sent{one.high, one.low};
    if (one.done != 1 || !device::take_arrival(one, std::span(arrived).subspan(at, shape.run_words())) || outcome.records.size() >= ASSAY_RECORDS) continue;
    if (again.empty()) {
      again.resize(arrived.size());
      TRY(read(api_, queue, run.units[position].scratch, std::as_writable_bytes(std::span(again))));
    }
    for (AssayRecord& record : device::arrival_records(shape, sent, std::span(arrived).subspan(at, shape.run_words()),
                                                       std::span(again).subspan(at, shape.run_words()), ASSAY_RECORDS - outcome.records.size())) {
      record.run = i;
      record.slot = unit.slots[(part.first_run + i) % unit.slots.size()];
      outcome.records.push_back(record);
      ++outcome.records_asked;
    }
  }
  return {};
}

// One launch on every unit that goes on, all at once.
Status OpenclAccelerator::run_part(JobRun& run, const Part& part) {
  std::vector<Event> events(run.units.size());
  for (uint32_t position = 0; position < run.units.size(); ++position) {
    if (run.ledger.goes_on(position)) events[position] = TRY(start(run, part, position));
  }
  for (uint32_t position = 0; position < run.units.size(); ++position) {
    if (events[position]) TRY(collect(run, part, position, events[position]));
  }
  return {};
}

Result<device::JobResult> OpenclAccelerator::run(const device::Job& job, const std::atomic<bool>& stop) {
  const device::Program& program = *TRY(find_offered(job.probe, job.variant));
  TRY(check(job, program));
  const uint32_t teams = TRY(teams_within(job, program.shape, teams_wanted(job), limits()));
  const Kernel* kernel = TRY(kernel_of(program));
  JobRun run{job, program, *kernel, TRY(upload(job, program.shape)), {}, JobLedger(job)};
  for (size_t i = 0; i < job.units.size(); ++i) run.units.push_back(TRY(take_buffers(job, program.shape, teams)));
  const MonoTime begun = BootClock::now();
  Duration round{};
  for (uint32_t done = 0; done < job.runs_per_unit && !stop.load(std::memory_order_relaxed);) {
    if (job.deadline > Duration::zero() && since(begun) >= job.deadline) break;
    Part part{done, runs_of_launch(job.runs_per_unit - done, teams, round), teams};
    // Outputs that are fetched are those of one run of each team.
    if (program.shape.keeps_outputs()) part.runs = std::min(part.runs, teams);
    part.teams = std::min(teams, part.runs);
    const MonoTime launched = BootClock::now();
    TRY(run_part(run, part));
    // The first launch of a program includes what the driver left to do for it.
    const uint32_t rounds = (part.runs + part.teams - 1) / part.teams;
    round = std::max(since(launched) / rounds, Duration{1});
    done += part.runs;
  }
  return run.ledger.take(since(begun));
}

}  // namespace assay::probes::opencl
