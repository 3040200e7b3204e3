// SPDX-License-Identifier: Apache-2.0
// The memory probes word by word from their definition: memory is an array, and every pattern is computed from the index.
#include "probes/catalogue/memory.h"

#include <algorithm>
#include <array>
#include <vector>

#include "probes/catalogue/memory_programs.h"
#include "probes/reference/families.h"

namespace assay::probes::reference {
namespace {

using memory::kLineWords;
using memory::Pass;
using memory::Pattern;
using memory::PatternKind;
using memory::Program;

uint64_t rotate_left(uint64_t word, uint64_t by) { return by == 0 ? word : word << by | word >> (64 - by); }

using Line = std::array<uint64_t, kLineWords>;

uint64_t word_of(const Pattern& pattern, uint64_t line, uint64_t j) {
  const uint64_t v = pattern.seed + (line * kLineWords + j) * pattern.stride;
  switch (pattern.kind) {
    case PatternKind::kFold: return v ^ v >> 32;
    case PatternKind::kAddress: return v;
    case PatternKind::kRotate: return rotate_left(pattern.seed, (line + 8 * j) % 64);
    case PatternKind::kRandom: return (v % (uint64_t{1} << 32)) * (v / (uint64_t{1} << 32)) ^ v;
  }
  return 0;
}

// The content of one line.
Line line_of(const Pattern& pattern, bool inverse, uint64_t line) {
  Line words;
  for (uint64_t j = 0; j < kLineWords; ++j) words[j] = inverse ? ~word_of(pattern, line, j) : word_of(pattern, line, j);
  return words;
}

class MemoryReference {
 public:
  MemoryReference(const Program& program, uint32_t operand_set)
      : program_(program), passes_(memory::passes_of(program)), patterns_(memory::operands(program, operand_set)), words_(program.words) {}

  void run(const StepSink& sink) {
    uint32_t step = 0;
    for (size_t first = 0; first < passes_.size(); first += program_.passes_per_step) {
      const bool down = passes_[first].order == memory::Order::kDown;
      for (uint32_t i = 0; i < program_.chunks(); ++i) {
        std::vector<uint64_t> output(program_.output_words());
        for (size_t pass = first; pass < first + program_.passes_per_step; ++pass) {
          go_over(passes_[pass], down ? program_.chunks() - 1 - i : i, output);
        }
        sink(step++, output);
      }
    }
  }

 private:
  // The line that a pass comes to as its `visit`-th.
  uint64_t visited(const Pass& pass, uint64_t visit) const {
    const uint64_t lines = program_.lines();
    if (pass.order == memory::Order::kDown) return lines - 1 - visit;
    for (uint32_t i = 0; i < pass.turn; ++i) visit = 2 * visit >= lines ? 2 * visit - lines + 1 : 2 * visit;
    return visit;
  }

  void go_over(const Pass& pass, uint32_t chunk, std::vector<uint64_t>& output) {
    const uint64_t chunk_lines = program_.chunk_words / kLineWords;
    const bool down = pass.order == memory::Order::kDown;
    const uint64_t first_visit = (down ? program_.chunks() - 1 - chunk : chunk) * chunk_lines;
    for (uint64_t visit = first_visit; visit < first_visit + chunk_lines; ++visit) {
      const uint64_t line = visited(pass, visit);
      const uint64_t place = (pass.order == memory::Order::kStrided ? visit : line) - chunk * chunk_lines;
      touch(pass, line, &output[place * kLineWords / program_.block_words * memory::kOutputWordsPerBlock]);
    }
  }

  void touch(const Pass& pass, uint64_t line, uint64_t* out) {
    const Line expected = content(pass.reads ? *pass.reads : *pass.writes, line);
    uint64_t* const cells = &words_[line * kLineWords];
    Line seen = expected;
    if (pass.reads) std::copy_n(cells, kLineWords, seen.begin());
    if (pass.writes) {
      const Line written = content(*pass.writes, line);
      std::copy_n(written.begin(), kLineWords, cells);
    }
    for (uint64_t j = 0; j < kLineWords; ++j) {
      out[j] = rotate_left(out[j] + seen[j], 24);
      out[kLineWords + j] |= seen[j] ^ expected[j];
    }
  }

  Line content(const memory::Content& content, uint64_t line) const {
    return line_of(patterns_[content.background], content.inverse, line);
  }

  const Program& program_;
  std::vector<Pass> passes_;
  std::vector<Pattern> patterns_;
  std::vector<uint64_t> words_;
};

}  // namespace

Status memory_program(std::string_view id, uint32_t operand_set, const StepSink& sink) {
  const Program* program = memory::find_program(id);
  if (program == nullptr) return make_error(ErrorCode::kNotFound, "no such memory probe");
  MemoryReference(*program, operand_set).run(sink);
  return {};
}

}  // namespace assay::probes::reference
