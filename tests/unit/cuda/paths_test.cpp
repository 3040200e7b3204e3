// SPDX-License-Identifier: Apache-2.0
// The programs that only CUDA has, as plain C++: the text that nvcc compiles gives what the reference says, in the shape that the launcher is told.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>

#include "probes/backend/cuda/device_program.h"
#include "probes/backend/device/programs/plain.h"
#include "probes/reference/reference.h"

// The ways of CUDA in plain C++: one lane after the other, the peer's shared memory is one's own.
#define ASSAY_LOAD_SHARED_CACHE(address) (*(address))
#define ASSAY_DEVICE_FENCE() static_cast<void>(0)
#define ASSAY_ATOMIC_ADD_U64(address, value) static_cast<void>(*(address) += (value))
#define ASSAY_ATOMIC_XOR_U64(address, value) static_cast<void>(*(address) ^= (value))
#define ASSAY_ATOMIC_MIN_U64(address, value) static_cast<void>(*(address) = std::min(*(address), (value)))
#define ASSAY_ATOMIC_MAX_U64(address, value) static_cast<void>(*(address) = std::max(*(address), (value)))
#define ASSAY_PEER_STORE(mine, value) static_cast<void>(*(mine) = (value))
#define ASSAY_PEER_LOAD(mine) (*(mine))
#define ASSAY_PEER_FENCE() static_cast<void>(0)

namespace assay::probes::cuda {
namespace {

struct PathProgram {
  std::string_view probe;
  device::ProgramShape shape;
  void (*run)(const AssayTeam* team) = nullptr;
};

#define PATH_ROW(probe)                                                                                                                             \
  PathProgram {                                                                                                                                     \
    probe, {ASSAY_PROGRAM_TEXT, ASSAY_TEAM, ASSAY_STATE_WORDS, ASSAY_SHARE_WORDS, ASSAY_PARAM_WORDS, ASSAY_ARENA_WORDS, ASSAY_OUT_WORDS, ASSAY_STEPS, \
            ASSAY_MEMORY_WORDS, ASSAY_SCRATCH_WORDS},                                                                                               \
        &ASSAY_NAME(run)                                                                                                                            \
  }

#include "probes/backend/cuda/programs/l2_read.inl"
#include "probes/backend/device/programs/team_run.inl"
constexpr PathProgram kL2Read = PATH_ROW("l2.read");
#include "probes/backend/device/programs/end_program.inl"
#include "probes/backend/cuda/programs/atomic_mix.inl"
#include "probes/backend/device/programs/team_run.inl"
constexpr PathProgram kAtomicMix = PATH_ROW("atomic.mix");
#include "probes/backend/device/programs/end_program.inl"
#include "probes/backend/cuda/programs/dsmem_exchange.inl"
#include "probes/backend/device/programs/team_run.inl"
constexpr PathProgram kExchange = PATH_ROW("dsmem.exchange");
#include "probes/backend/device/programs/end_program.inl"

class Paths : public testing::TestWithParam<const PathProgram*> {
 protected:
  static DeviceProgram row() {
    const std::vector<DeviceProgram> all = device_programs();
    const auto found = std::ranges::find(all, GetParam()->probe, &DeviceProgram::probe);
    EXPECT_NE(found, all.end());
    return *found;
  }

  // One run of one team; with a fault where `injection` has a shape.
  static Digest digest_of(uint32_t operand_set, const AssayInjection& injection) {
    const DeviceProgram program = row();
    std::vector<uint64_t> operands(program.shape.operand_words());
    const std::span words(operands);
    program.operands(operand_set, words.first(program.shape.state_words), words.subspan(program.shape.state_words));
    AssayLaunch launch{};
    launch.unit_slots = launch.runs_per_unit = launch.set_count = launch.teams = 1;
    launch.record_capacity = ASSAY_RECORDS;
    launch.injection = injection;
    AssayUnit unit{1, 0, 1, 0, 0, 0, 0};
    const uint32_t slot = 0;
    const uint32_t hits = 1;
    std::vector<uint64_t> scratch(program.shape.scratch_words);
    std::vector<uint64_t> memory(program.shape.memory_words);
    std::array<uint32_t, ASSAY_FLAG_WORDS> flags{};
    std::vector<AssayRecord> records(ASSAY_RECORDS);
    uint32_t record_count = 0;
    AssayRun result{};
    AssayTeam team{};
    team.launch = &launch;
    team.unit = &unit;
    team.slots = &slot;
    team.hits = &hits;
    team.operands = operands.data();
    team.expected = operands.data();
    team.scratch = scratch.data();
    team.results = &result;
    team.records = records.data();
    team.record_count = &record_count;
    team.memory = memory.data();
    team.flags = flags.data();
    GetParam()->run(&team);
    EXPECT_EQ(result.done, 1U);
    EXPECT_EQ(unit.not_executed, 0U);
    return {result.high, result.low};
  }
};

TEST_P(Paths, GiveWhatTheReferenceSays) {
  for (const uint32_t set : {0U, 5U}) EXPECT_EQ(to_hex(digest_of(set, {})), to_hex(reference::digest(GetParam()->probe, set).value())) << set;
}

TEST_P(Paths, ForgetNoWrongBit) {
  const Digest right = reference::digest(GetParam()->probe, 0).value();
  for (const uint32_t in_state : {0U, 1U}) {
    // The first of the cells is a sum: a bit in it lives on.
    EXPECT_NE(digest_of(0, {ASSAY_SHAPE_BIT_FLIP, 0, 3, in_state, 2, uint64_t{1} << 63}), right);
  }
}

TEST_P(Paths, AreLaunchedInTheShapeOfTheirText) {
  const device::ProgramShape told = row().shape;
  const device::ProgramShape& text = GetParam()->shape;
  EXPECT_EQ(told.name, text.name);
  EXPECT_EQ(row().kernel, std::string(text.name) + "_kernel");
  EXPECT_EQ((std::array{told.lanes, told.state_words, told.share_words, told.param_words, told.arena_words, told.out_words, told.steps, told.memory_words, told.scratch_words}),
            (std::array{text.lanes, text.state_words, text.share_words, text.param_words, text.arena_words, text.out_words, text.steps, text.memory_words, text.scratch_words}));
}

INSTANTIATE_TEST_SUITE_P(All, Paths, testing::Values(&kL2Read, &kAtomicMix, &kExchange), [](const auto& at) { return std::string(at.param->shape.name); });

TEST(Clusters, BeginWithHopper) {
  const std::vector<DeviceProgram> all = device_programs();
  const auto found = std::ranges::find(all, "dsmem.exchange", &DeviceProgram::probe);
  ASSERT_NE(found, all.end());
  EXPECT_EQ(found->fit(Chip{8, 9, 0, 0, 0}).missing, "clusters begin with compute capability 9.0");
  EXPECT_EQ(found->fit(Chip{9, 0, 0, 0, 0}).missing, "");
  EXPECT_EQ(found->cluster, 2U);
}

}  // namespace
}  // namespace assay::probes::cuda
