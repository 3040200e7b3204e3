// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/device/memory_operands.h"

#include <vector>

#include "common/base/check.h"

namespace assay::probes::device {
namespace {

uint64_t kind_of(memory::PatternKind kind) {
  switch (kind) {
    case memory::PatternKind::kFold: return 0;
    case memory::PatternKind::kAddress: return 1;
    case memory::PatternKind::kRotate: return 2;
    case memory::PatternKind::kRandom: return 3;
  }
  return 0;
}

uint64_t order_of(memory::Order order) {
  switch (order) {
    case memory::Order::kUp: return 0;
    case memory::Order::kDown: return 1;
    case memory::Order::kStrided: return 2;
  }
  return 0;
}

uint64_t word_of(const memory::Pass& pass) {
  uint64_t word = order_of(pass.order) | uint64_t{pass.turn} << 8;
  if (pass.reads) word |= uint64_t{1} << 2 | uint64_t{pass.reads->inverse} << 4 | uint64_t{pass.reads->background} << 16;
  if (pass.writes) word |= uint64_t{1} << 3 | uint64_t{pass.writes->inverse} << 5 | uint64_t{pass.writes->background} << 24;
  return word;
}

}  // namespace

void memory_operands(const memory::Program& program, uint32_t operand_set, std::span<uint64_t> params) {
  const std::vector<memory::Pattern> patterns = memory::operands(program, operand_set);
  const std::vector<memory::Pass> passes = memory::passes_of(program);
  ASSAY_CHECK(params.size() == 3 * patterns.size() + passes.size());
  size_t at = 0;
  for (const memory::Pattern& pattern : patterns) {
    params[at++] = kind_of(pattern.kind);
    params[at++] = pattern.seed;
    params[at++] = pattern.stride;
  }
  for (const memory::Pass& pass : passes) params[at++] = word_of(pass);
}

}  // namespace assay::probes::device
