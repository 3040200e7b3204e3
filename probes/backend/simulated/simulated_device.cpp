// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/simulated/simulated_device.h"

#include <poll.h>
#include <sched.h>

#include <algorithm>
#include <numeric>
#include <system_error>
#include <thread>
#include <utility>

#include <fmt/format.h>

#include "common/base/random.h"
#include "probes/catalogue/catalogue.h"

namespace assay::probes::simulated {
namespace {

constexpr std::string_view kVariant = "simt";
constexpr unsigned kThreads = 2;            // tests run beside other tests
constexpr uint64_t kHeldOneIn = 16;         // launches in which something else has the unit

// Nothing real waits for a simulated device.
void use_idle_priority() {
  const sched_param parameters{};
  [[maybe_unused]] const int ignored = ::sched_setscheduler(0, SCHED_IDLE, &parameters);
}

const device::Program* find(std::string_view probe, std::string_view variant) { return variant == kVariant ? device::find_program(probe) : nullptr; }

Error no_program(std::string_view probe, std::string_view variant) {
  return make_error(ErrorCode::kNotFound, fmt::format("a simulated device has no {} in variant {}", probe, variant));
}

Status check(const device::Job& job, const device::ProgramShape& shape) {
  bool fits = !job.units.empty() && job.runs_per_unit <= device::kRunsPerJobUnit;
  for (const device::JobSet& set : job.sets) {
    fits = fits && set.operands.size() == shape.operand_words() && (set.expected.empty() || set.expected.size() == shape.run_words()) &&
           set.expected.empty() == job.sets.front().expected.empty();
  }
  for (const device::JobUnit& unit : job.units) {
    fits = fits && !unit.slots.empty() && unit.slots.size() == job.units.front().slots.size() &&
           std::all_of(unit.slots.begin(), unit.slots.end(), [&](uint32_t slot) { return slot < job.sets.size(); });
  }
  if (!fits) return make_error(ErrorCode::kInvalid, "a job of another shape than its program");
  return {};
}

// In an order that the seed gives.
std::vector<size_t> shuffled(size_t count, Random& random) {
  std::vector<size_t> order(count);
  std::iota(order.begin(), order.end(), size_t{0});
  for (size_t i = count; i > 1; --i) std::swap(order[i - 1], order[random.below(i)]);
  return order;
}

// Every team of the positions in `order`, on a few threads.
void run_all(LaunchBoard& board, const device::PlainProgram& plain, const std::vector<size_t>& order, const std::atomic<bool>& stop) {
  std::atomic<size_t> next{0};
  const auto work = [&] {
    use_idle_priority();
    for (size_t i = next++; i < order.size() * LaunchBoard::kTeams && !stop.load(std::memory_order_relaxed); i = next++) {
      board.run_team(plain, order[i / LaunchBoard::kTeams], static_cast<uint32_t>(i % LaunchBoard::kTeams));
    }
  };
  std::vector<std::thread> threads;
  try {
    for (unsigned i = 0; i < kThreads; ++i) threads.emplace_back(work);
  } catch (const std::system_error&) {
    if (threads.empty()) work();
  }
  for (std::thread& thread : threads) thread.join();
}

}  // namespace

SimulatedDevice::SimulatedDevice(Device device, const DeviceScript& faults, const device::OpenOptions& options)
    : device_(std::move(device)), faults_(faults), options_(options) {}

std::vector<device::Offer> SimulatedDevice::offers() const {
  std::vector<device::Offer> offers;
  for (const ProbeSpec& spec : all_probes()) {
    if (const device::Program* program = device::find_program(spec.ref.id)) {
      offers.push_back({spec.ref.id, std::string(kVariant), fmt::format("simulated: {}", program->silicon), "", false});
    } else {
      offers.push_back({spec.ref.id, "", "", "there is no portable program of it", false});
    }
  }
  return offers;
}

Result<std::vector<uint64_t>> SimulatedDevice::operands(std::string_view probe, std::string_view variant, uint32_t operand_set) const {
  const device::Program* program = find(probe, variant);
  if (program == nullptr) return no_program(probe, variant);
  return device::operands_of(*program, operand_set);
}

uint64_t SimulatedDevice::bytes_per_set(std::string_view probe, std::string_view variant) const {
  const device::Program* program = find(probe, variant);
  return program == nullptr ? 0 : sizeof(uint64_t) * (program->shape.operand_words() + program->shape.run_words());
}

std::optional<Error> SimulatedDevice::scripted_error() {
  const uint32_t number = launches_++;
  if (faults_.hang) {
    for (;;) ::poll(nullptr, 0, -1);
  }
  if (faults_.lost_after && number >= *faults_.lost_after) return make_error(ErrorCode::kUnavailable, "the simulated device is lost, as its script says");
  if (faults_.out_of_memory) return make_error(ErrorCode::kLimit, "the simulated device has no memory, as its script says");
  return std::nullopt;
}

bool SimulatedDevice::is_held(uint32_t unit, uint64_t seed) const {
  return faults_.held_unit == unit || Random(seed_from("held", seed + unit)).below(kHeldOneIn) == 0;
}

Result<device::JobResult> SimulatedDevice::run(const device::Job& job, const std::atomic<bool>& stop) {
  const MonoTime start = BootClock::now();
  const device::Program* program = find(job.probe, job.variant);
  const device::PlainProgram* plain = program == nullptr ? nullptr : device::find_plain_program(program->shape.name);
  if (plain == nullptr) return no_program(job.probe, job.variant);
  TRY(check(job, program->shape));
  if (auto error = scripted_error()) return *std::move(error);
  LaunchBoard board(job, *program, [this](uint32_t unit) { return faults_.wrong_unit == unit; });
  std::vector<bool> reached;
  for (const device::JobUnit& unit : job.units) reached.push_back(!is_held(unit.unit, job.poison_seed));
  Random random(job.poison_seed);
  std::vector<size_t> order = shuffled(job.units.size(), random);
  std::erase_if(order, [&](size_t position) { return !reached[position]; });
  run_all(board, *plain, order, stop);
  device::JobResult result = board.result(reached);
  if (faults_.deaf) {
    for (device::JobUnitResult& unit : result.units) unit.wrong = 0;
    result.records.clear();
  }
  result.took = BootClock::now() - start;
  return result;
}

}  // namespace assay::probes::simulated
