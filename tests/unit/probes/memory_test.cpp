// SPDX-License-Identifier: Apache-2.0
#include "probes/catalogue/memory_programs.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <set>

#include "probes/backend/host/kernel.h"
#include "probes/catalogue/catalogue.h"

namespace assay::probes::memory {
namespace {

const Program& march() { return *find_program("mem.march"); }

std::string name_of(const testing::TestParamInfo<const Program*>& program) {
  std::string name(program.param->id);
  std::ranges::replace(name, '.', '_');
  return name;
}

class EveryProgram : public testing::TestWithParam<const Program*> {
 protected:
  const Program& program() const { return *GetParam(); }
  std::vector<Pass> passes() const { return passes_of(program()); }
};

TEST_P(EveryProgram, IsCutIntoWholeChunksBlocksAndSteps) {
  EXPECT_EQ(program().words % program().chunk_words, 0U);
  EXPECT_EQ(program().chunk_words % program().block_words, 0U);
  EXPECT_EQ(program().block_words % kLineWords, 0U);
  EXPECT_EQ(passes().size() % program().passes_per_step, 0U);
  if (program().passes_per_step > 1) {
    EXPECT_EQ(program().chunks(), 1U) << "a step would otherwise not see the passes in their order";
  }
  EXPECT_GE(find_probe(program().id)->memory_bytes, program().bytes() + program().output_words() * sizeof(uint64_t));
}

// What a pass expects is what the one before left, over the whole of memory.
TEST_P(EveryProgram, ReadsWhatWasWrittenLast) {
  std::optional<Content> held;
  for (const Pass& pass : passes()) {
    ASSERT_TRUE(pass.reads || pass.writes);
    if (pass.reads) {
      EXPECT_EQ(pass.reads, held);
    }
    if (pass.writes) held = pass.writes;
    EXPECT_LT(held->background, program().backgrounds);
  }
  EXPECT_FALSE(passes().back().writes) << "what is written last is never read";
}

// The loops know one kind of pattern at a time, and strides over rotate patterns.
TEST_P(EveryProgram, AsksOnlyForLoopsThatThereAre) {
  for (const uint32_t set : {0U, 1U, 255U}) {
    const auto patterns = operands(program(), set);
    ASSERT_EQ(patterns.size(), program().backgrounds);
    for (const Pass& pass : passes()) {
      const PatternKind kind = patterns[(pass.reads ? pass.reads : pass.writes)->background].kind;
      if (pass.reads && pass.writes) {
        EXPECT_EQ(patterns[pass.writes->background].kind, kind);
      }
      if (pass.order == Order::kStrided) {
        EXPECT_EQ(kind, PatternKind::kRotate);
        EXPECT_TRUE(std::has_single_bit(program().lines()));
        EXPECT_EQ(program().chunks(), 1U);
      }
    }
  }
}

TEST_P(EveryProgram, TellsAddressesInTheirPatterns) {
  for (uint32_t set = 0; set < 256; ++set) {
    for (const Pattern& pattern : operands(program(), set)) {
      if (pattern.kind != PatternKind::kAddress) continue;
      const uint64_t first = pattern.seed & 0xFFFFFFFF;
      EXPECT_EQ(pattern.seed >> 32, ~first & 0xFFFFFFFF);
      EXPECT_LT(first + program().words, uint64_t{1} << 32) << "the low half carries into the high one";
      const uint64_t last = pattern.seed + (program().words - 1) * pattern.stride;
      EXPECT_EQ(last & 0xFFFFFFFF, first + program().words - 1);
      EXPECT_EQ(last >> 32, ~last & 0xFFFFFFFF);
    }
  }
}

// A wrong word anywhere shows in the collected differences of its block and nowhere else, in every variant.
TEST_P(EveryProgram, OneWrongWordShowsInItsBlock) {
  constexpr uint64_t kMask = uint64_t{1} << 41;
  for (const host::KernelEntry& entry : host::kernels()) {
    if (entry.probe_id != program().id || !host::is_supported(entry)) continue;
    if (program().passes_per_step > 1 || program().algorithm == Algorithm::kStrides) continue;  // each step writes before it reads
    const auto kernel = entry.make({});
    kernel->prepare(0);
    for (uint32_t step = 0; step < program().chunks(); ++step) kernel->step(step);
    const uint32_t word = program().chunk_words - 4243;
    kernel->state()[word] ^= kMask;
    kernel->step(program().chunks());
    for (uint32_t i = 0; i < program().output_words(); ++i) {
      const uint32_t block = i / kOutputWordsPerBlock;
      const uint32_t place = i % kOutputWordsPerBlock;
      if (place < kLineWords) continue;
      const bool hit = block == word / program().block_words && place - kLineWords == word % kLineWords;
      ASSERT_EQ(kernel->output()[i], hit ? kMask : 0) << host::to_string(entry.variant) << " word " << i;
    }
  }
}

std::vector<const Program*> all() {
  std::vector<const Program*> pointers;
  for (const Program& program : programs()) pointers.push_back(&program);
  return pointers;
}
INSTANTIATE_TEST_SUITE_P(Memory, EveryProgram, testing::ValuesIn(all()), name_of);

TEST(MemoryOperands, TheFirstBackgroundOfTheMarchTellsAddressesApart) {
  for (uint32_t set = 0; set < 16; ++set) EXPECT_EQ(operands(march(), set)[0].stride % 2, 1U);
}

TEST(MemoryOperands, TheSecondBackgroundOfTheMarchIsTheClassicPattern) {
  const Pattern pattern = operands(march(), 1)[1];
  EXPECT_EQ(pattern.stride, 0U);
  EXPECT_EQ(pattern.seed ^ pattern.seed >> 32, 0x5555555555555555U);
}

TEST(MemoryOperands, AWalkingBitIsASingleOneOrZeroAndComesToEveryDataLine) {
  const Program& walking = *find_program("mem.walking");
  std::set<uint64_t> seeds;
  for (uint32_t set = 0; set < 256; ++set) {
    for (const Pattern& pattern : operands(walking, set)) {
      EXPECT_TRUE(std::has_single_bit(pattern.seed));
      seeds.insert(pattern.seed);
    }
  }
  EXPECT_EQ(seeds.size(), 64U);
}

TEST(MemoryPasses, StridesUseEveryAddressLineOfTheMemory) {
  const Program& walking = *find_program("mem.walking");
  std::set<uint32_t> turns;
  for (const Pass& pass : passes_of(walking)) turns.insert(pass.turn);
  EXPECT_EQ(turns.size(), static_cast<size_t>(std::countr_zero(walking.lines())));
}

TEST(MemoryPasses, TheMarchIsMarchCMinus) {
  std::string text;
  for (const Pass& pass : passes_of(march())) {
    text += pass.order == Order::kDown ? "down" : "up";
    if (pass.reads) text += pass.reads->inverse ? " r1" : " r0";
    if (pass.writes) text += pass.writes->inverse ? " w1" : " w0";
    text += "; ";
  }
  const std::string once = "up w0; up r0 w1; up r1 w0; down r0 w1; down r1 w0; up r0; ";
  EXPECT_EQ(text, once + once);
}

// Data is left alone in both polarities, and only between two passes.
TEST(MemoryPasses, OnlyTheFadeRests) {
  for (const Program& program : programs()) {
    const auto kernel = host::best_kernel(program.id)->make({});
    kernel->prepare(0);
    uint32_t rests = 0;
    for (uint32_t step = 0; step < kernel->steps(); ++step) {
      if (kernel->rest_before(step) == Duration::zero()) continue;
      ++rests;
      EXPECT_EQ(step % program.chunks(), 0U);
    }
    EXPECT_EQ(rests, program.algorithm == Algorithm::kFade ? 2U : 0U) << program.id;
  }
}

// Two equal masks in one column of a block, which cancel in sums and exclusive ors.
TEST(MemoryKernel, EqualErrorsDoNotCancel) {
  const auto kernel = host::best_kernel("mem.march")->make({});
  kernel->prepare(2);
  kernel->step(0);
  kernel->state()[8] ^= 1;
  kernel->state()[8 + 64] ^= 1;
  kernel->step(1);
  EXPECT_EQ(kernel->output()[kLineWords], 1U);
}

}  // namespace
}  // namespace assay::probes::memory
