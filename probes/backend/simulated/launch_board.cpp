// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/simulated/launch_board.h"

#include <algorithm>

namespace assay::probes::simulated {
namespace {

constexpr uint64_t kDefect = uint64_t{1} << 17;   // a bit of the first operand that arrives wrong

// The fault as this program takes it.
AssayInjection fitted(AssayInjection injection, const device::ProgramShape& shape, const device::Job& job) {
  injection.step %= std::max(shape.steps, 1U);
  if (shape.state_words == 0) injection.hits_state = 0;
  const auto is_hit = [&](const device::JobUnit& unit) { return unit.unit == injection.unit; };
  const auto found = std::find_if(job.units.begin(), job.units.end(), is_hit);
  if (found == job.units.end()) injection.shape = ASSAY_SHAPE_NONE;
  injection.unit = static_cast<uint32_t>(found - job.units.begin());  // programs know units by their place in the job
  return injection;
}

}  // namespace

uint32_t hardware_number(uint32_t unit) { return unit + unit / 3; }

LaunchBoard::LaunchBoard(const device::Job& job, const device::Program& program, const std::function<bool(uint32_t unit)>& spoils)
    : job_(job), shape_(program.shape), hits_(job.hits) {
  uint32_t last = 0;
  for (const device::JobUnit& unit : job.units) last = std::max(last, hardware_number(unit.unit));
  table_.resize(last + 1);
  for (size_t position = 0; position < job.units.size(); ++position) {
    const device::JobUnit& unit = job.units[position];
    AssayUnit& row = table_[hardware_number(unit.unit)];
    row.wanted = 1;
    row.index = static_cast<uint32_t>(position);
    slots_.insert(slots_.end(), unit.slots.begin(), unit.slots.end());
    spoilt_.push_back(spoils(unit.unit));
  }
  for (const device::JobSet& set : job.sets) {
    operands_.insert(operands_.end(), set.operands.begin(), set.operands.end());
    wrong_operands_.insert(wrong_operands_.end(), set.operands.begin(), set.operands.end());
    wrong_operands_[wrong_operands_.size() - set.operands.size()] ^= kDefect;
    expected_.insert(expected_.end(), set.expected.begin(), set.expected.end());
  }
  hits_.resize(std::max<size_t>(hits_.size(), (job.runs_per_unit + 31) / 32));
  scratch_.resize(job.units.size() * kTeams * shape_.scratch_words);
  runs_.resize(job.units.size() * job.runs_per_unit);
  records_.resize(ASSAY_RECORDS);
  launch_.unit_slots = last + 1;
  launch_.runs_per_unit = job.runs_per_unit;
  launch_.set_count = job.units.empty() ? 0 : static_cast<uint32_t>(job.units.front().slots.size());
  launch_.teams = kTeams;
  launch_.has_expected = expected_.empty() ? 0 : 1;
  launch_.record_capacity = ASSAY_RECORDS;
  launch_.blind = job.injection.shape == ASSAY_SHAPE_BLIND_COMPARATOR ? 1 : 0;
  launch_.poison_seed = job.poison_seed;
  launch_.deadline_ns = static_cast<uint64_t>(std::max<int64_t>(job.deadline.count(), 0));
  launch_.injection = fitted(job.injection, shape_, job);
}

void LaunchBoard::run_team(const device::PlainProgram& plain, size_t position, uint32_t number) {
  std::vector<uint64_t> memory(plain.memory_words);
  std::vector<uint32_t> flags(ASSAY_FLAG_WORDS);
  AssayTeam team{};
  team.launch = &launch_;
  team.hardware_unit = hardware_number(job_.units[position].unit);
  team.unit = &table_[team.hardware_unit];
  team.slots = slots_.data();
  team.hits = hits_.data();
  team.operands = spoilt_[position] ? wrong_operands_.data() : operands_.data();
  team.expected = expected_.data();
  team.scratch = scratch_.data();
  team.results = runs_.data();
  team.records = records_.data();
  team.record_count = &record_count_;
  team.memory = memory.data();
  team.flags = flags.data();
  team.team = number;
  plain.run(&team);
}

device::JobUnitResult LaunchBoard::unit_result(size_t position) const {
  const AssayUnit& row = table_[hardware_number(job_.units[position].unit)];
  device::JobUnitResult unit;
  unit.unit = job_.units[position].unit;
  unit.reached = true;
  unit.moved = row.moved != 0;
  unit.not_executed = row.not_executed;
  unit.wrong = row.wrong;
  unit.busy = Duration{static_cast<int64_t>(row.busy_ns)};
  const auto first = runs_.begin() + static_cast<std::ptrdiff_t>(position * job_.runs_per_unit);
  for (auto run = first; run != first + job_.runs_per_unit && run->done == 1; ++run) unit.digests.push_back({run->high, run->low});
  return unit;
}

device::JobResult LaunchBoard::result(const std::vector<bool>& reached) const {
  device::JobResult result;
  for (size_t position = 0; position < job_.units.size(); ++position) {
    if (reached[position]) {
      result.units.push_back(unit_result(position));
    } else {
      result.units.emplace_back().unit = job_.units[position].unit;
    }
  }
  const uint32_t kept = std::min<uint32_t>(record_count_, ASSAY_RECORDS);
  result.records.assign(records_.begin(), records_.begin() + kept);
  result.records_lost = record_count_ - kept;
  for (AssayRecord& record : result.records) {
    const uint32_t position = table_[record.unit].index;
    record.unit = job_.units[position].unit;
    record.unit_after = record.unit;
  }
  return result;
}

}  // namespace assay::probes::simulated
