// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/host/memory/kernel.h"

#include <algorithm>
#include <bit>
#include <optional>
#include <string>
#include <vector>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#include <fmt/format.h>

#include "probes/backend/host/aligned_buffer.h"
#include "probes/backend/host/memory_arena.h"

namespace assay::probes::host {
namespace {

using memory::kLineWords;
using memory::kOutputWordsPerBlock;
using memory::Order;

MemoryKind kind_of(memory::PatternKind kind) {
  switch (kind) {
    case memory::PatternKind::kFold: return MemoryKind::kFold;
    case memory::PatternKind::kAddress: return MemoryKind::kAddress;
    case memory::PatternKind::kRotate: return MemoryKind::kRotate;
    case memory::PatternKind::kRandom: break;
  }
  return MemoryKind::kRandom;
}

// Streamed stores are in memory when this returns.
void finish_stores() {
#if defined(__x86_64__)
  _mm_sfence();
#endif
}

class MemoryKernel final : public Kernel {
 public:
  MemoryKernel(const memory::Program& program, const MemoryLoops& loops, MemoryLoan memory)
      : program_(program), loops_(loops), passes_(memory::passes_of(program)), memory_(std::move(memory)), output_(program.output_words()) {}

  bool has_memory() const { return !memory_.empty() && !output_.empty(); }

  // The memory keeps what the last run left: every word is written before it is read.
  void prepare(uint32_t operand_set) override { patterns_ = memory::operands(program_, operand_set); }
  uint32_t steps() const override { return static_cast<uint32_t>(passes_.size()) / program_.passes_per_step * program_.chunks(); }
  Duration rest_before(uint32_t index) const override {
    const bool first_of_pass = index % program_.chunks() == 0;
    return first_of_pass && passes_[first_pass(index)].rests ? Duration(program_.rest) : Duration::zero();
  }
  void step(uint32_t index) override {
    std::fill(output_.span().begin(), output_.span().end(), 0);
    for (uint32_t i = 0; i < program_.passes_per_step; ++i) go_over(passes_[first_pass(index) + i], index % program_.chunks());
    if (program_.stores == memory::Stores::kStreamed) finish_stores();
  }
  std::span<uint64_t> output() override { return output_.span(); }
  // A step of several passes writes all of memory first: it depends on nothing.
  std::span<uint64_t> state() override { return program_.passes_per_step > 1 ? std::span<uint64_t>() : memory_.words(); }
  uint32_t words_per_vector() const override { return loops_.words_per_vector; }
  // Bytes read and found right.
  double work_per_run() const override {
    const auto reads = std::count_if(passes_.begin(), passes_.end(), [](const memory::Pass& pass) { return pass.reads.has_value(); });
    return static_cast<double>(reads) * static_cast<double>(program_.bytes());
  }
  std::string remark() const override {
    if (program_.bytes() < MappedMemory::kHugePageBytes) return {};
    return fmt::format("{} of {} MiB in huge pages", memory_.huge_bytes() >> 20, program_.bytes() >> 20);
  }

 private:
  size_t first_pass(uint32_t step) const { return size_t{step / program_.chunks()} * program_.passes_per_step; }

  // `turn`: of the chunk, in the order of the pass.
  void go_over(const memory::Pass& pass, uint32_t turn) {
    const bool down = pass.order == Order::kDown;
    const uint32_t chunk = down ? program_.chunks() - 1 - turn : turn;
    const uint32_t blocks = program_.blocks_per_chunk();
    for (uint32_t i = 0; i < blocks; ++i) {
      const uint32_t block = down ? blocks - 1 - i : i;
      uint64_t* output = output_.data() + size_t{block} * kOutputWordsPerBlock;
      if (pass.order == Order::kStrided) {
        stride(pass, block, output);
      } else {
        run_block(pass, chunk * blocks + block, output);
      }
    }
  }

  void run_block(const memory::Pass& pass, uint32_t block, uint64_t* output) const {
    const uint32_t lines = program_.block_words / kLineWords;
    const bool down = pass.order == Order::kDown;
    const uint32_t line = block * lines + (down ? lines - 1 : 0);
    MemoryRun run{};
    run.lines = lines;
    run.down = down;
    if (pass.reads) run.read = pattern_at(*pass.reads, line, down);
    if (pass.writes) run.write = pattern_at(*pass.writes, line, down);
    loop_of(pass)(memory_.data() + size_t{line} * kLineWords, output, run);
  }

  void stride(const memory::Pass& pass, uint32_t block, uint64_t* output) const {
    MemoryStrides strides{};
    strides.visits = program_.block_words / kLineWords;
    strides.first_visit = block * strides.visits;
    strides.line_bits = static_cast<uint32_t>(std::countr_zero(program_.lines()));
    strides.turn = pass.turn;
    strides.reads = pass.reads.has_value();
    strides.writes = pass.writes.has_value();
    if (pass.reads) strides.read = pattern_at(*pass.reads, 0, false);
    if (pass.writes) strides.write = pattern_at(*pass.writes, 0, false);
    loops_.strides(memory_.data(), output, strides);
  }

  MemoryFunction loop_of(const memory::Pass& pass) const {
    MemoryAccess access = MemoryAccess::kChange;
    if (!pass.reads) {
      access = MemoryAccess::kWrite;
    } else if (!pass.writes) {
      access = MemoryAccess::kRead;
    } else if (pass.reads->background == pass.writes->background) {
      access = MemoryAccess::kPaired;
    }
    const uint32_t background = pass.reads ? pass.reads->background : pass.writes->background;
    return loops_.run({kind_of(patterns_[background].kind), access, program_.stores == memory::Stores::kStreamed});
  }

  // The generator of a content at a line.
  MemoryPattern pattern_at(const memory::Content& content, uint64_t line, bool down) const {
    const memory::Pattern& pattern = patterns_[content.background];
    MemoryPattern made{};
    made.flip = content.inverse ? ~uint64_t{0} : 0;
    for (uint64_t j = 0; j < kLineWords; ++j) {
      if (pattern.kind == memory::PatternKind::kRotate) {
        made.words[j] = std::rotl(pattern.seed, static_cast<int>((line + 8 * j) % 64)) ^ made.flip;
      } else {
        made.words[j] = pattern.seed + (line * kLineWords + j) * pattern.stride;
      }
    }
    const uint64_t one_line = pattern.kind == memory::PatternKind::kRotate ? 1 : kLineWords * pattern.stride;
    made.advance = down ? 0 - one_line : one_line;
    if (pattern.kind == memory::PatternKind::kRotate) made.advance %= 64;
    return made;
  }

  const memory::Program& program_;
  const MemoryLoops loops_;
  const std::vector<memory::Pass> passes_;
  MemoryLoan memory_;
  AlignedBuffer output_;
  std::vector<memory::Pattern> patterns_;
};

}  // namespace

std::unique_ptr<Kernel> make_memory(const memory::Program& program, const MemoryLoops& loops, const KernelSite& site) {
  auto kernel = std::make_unique<MemoryKernel>(program, loops, borrow_memory(site.arena, program.bytes()));
  if (!kernel->has_memory()) return nullptr;
  return kernel;
}

}  // namespace assay::probes::host
