// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/device/plain_job.h"

#include <algorithm>

#include "common/base/check.h"

namespace assay::probes::device {
namespace {

const PlainProgram& plain_of(const Program& program) {
  const PlainProgram* plain = find_plain_program(program.shape.name);
  ASSAY_CHECK(plain != nullptr);
  return *plain;
}

}  // namespace

PlainJob::PlainJob(const Program& program, std::span<const uint32_t> sets, uint32_t runs, uint32_t teams)
    : hits((runs + 31) / 32, 0), results(runs), scratch(size_t{teams} * program.shape.scratch_words), plain_(plain_of(program)) {
  launch.unit_slots = hardware_unit + 1;
  launch.runs_per_unit = runs;
  launch.set_count = static_cast<uint32_t>(sets.size());
  launch.teams = teams;
  launch.record_capacity = ASSAY_RECORDS;
  launch.poison_seed = 99;
  unit.wanted = 1;
  for (uint32_t slot = 0; slot < launch.set_count; ++slot) {
    const std::vector<uint64_t> words = operands_of(program, sets[slot]);
    operands.insert(operands.end(), words.begin(), words.end());
    slots_.push_back(slot);
  }
}

void PlainJob::run() {
  launch.has_expected = expected.empty() ? 0 : 1;
  for (uint32_t number = 0; number < launch.teams; ++number) {
    std::vector<uint64_t> memory(plain_.memory_words, 0xBAD0BAD0BAD0BAD0);
    std::vector<uint32_t> flags(ASSAY_FLAG_WORDS, 0xBAD0BAD0);
    AssayTeam team{};
    team.launch = &launch;
    team.unit = &unit;
    team.slots = slots_.data();
    team.hits = hits.data();
    team.operands = operands.data();
    team.expected = expected.data();
    team.scratch = scratch.data();
    team.results = results.data();
    team.records = records.data();
    team.record_count = &record_count;
    team.memory = memory.data();
    team.flags = flags.data();
    team.hardware_unit = hardware_unit;
    team.team = number;
    plain_.run(&team);
  }
}

std::vector<uint64_t> outputs_of(const Program& program, uint32_t operand_set) {
  // Compared with words that no program gives, every word becomes a record.
  const uint32_t sets[] = {operand_set};
  PlainJob job(program, sets, 1);
  job.expected.assign(program.shape.run_words(), 0x0123456789ABCDEF);
  job.records.resize(program.shape.run_words());
  job.launch.record_capacity = static_cast<uint32_t>(job.records.size());
  job.run();
  std::vector<uint64_t> outputs(program.shape.run_words(), 0x0123456789ABCDEF);
  for (uint32_t i = 0; i < std::min(job.record_count, job.launch.record_capacity); ++i) {
    const AssayRecord& record = job.records[i];
    outputs[size_t{record.step} * program.shape.out_words + record.word] = record.actual;
  }
  return outputs;
}

}  // namespace assay::probes::device
