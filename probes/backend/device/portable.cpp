// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/device/portable.h"

#include <algorithm>
#include <array>

#include "probes/backend/device/program_shapes.h"
#include "probes/catalogue/fma.h"

namespace assay::probes::device {
namespace {

constexpr std::array kPrograms = {
    Program{fma::kIdF64, fma::kVersion, fma_fp64_shape, fma::operands_f64, double{fma::kSteps} * fma::kIterations * 2 * fma::kLanesF64 * 2,
            "FP64 fused multiply-add"},
};

}  // namespace

std::span<const Program> programs() { return kPrograms; }

const Program* find_program(std::string_view probe_id) {
  const auto found = std::ranges::find(kPrograms, probe_id, &Program::probe_id);
  return found == kPrograms.end() ? nullptr : &*found;
}

std::vector<uint64_t> operands_of(const Program& program, uint32_t operand_set) {
  std::vector<uint64_t> words(program.shape.operand_words());
  const std::span all(words);
  program.operands(operand_set, all.first(program.shape.state_words), all.subspan(program.shape.state_words));
  return words;
}

}  // namespace assay::probes::device
