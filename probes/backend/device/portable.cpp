// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/device/portable.h"

#include <algorithm>

#include "probes/backend/device/grid_operands.h"
#include "probes/backend/device/memory_operands.h"
#include "probes/backend/device/program_shapes.h"
#include "probes/backend/device/transformer_operands.h"
#include "probes/catalogue/addmul.h"
#include "probes/catalogue/aes.h"
#include "probes/catalogue/chacha20.h"
#include "probes/catalogue/clmul.h"
#include "probes/catalogue/crc32c.h"
#include "probes/catalogue/cvt.h"
#include "probes/catalogue/device_atomics.h"
#include "probes/catalogue/div.h"
#include "probes/catalogue/fma.h"
#include "probes/catalogue/gather.h"
#include "probes/catalogue/gemm.h"
#include "probes/catalogue/gemm_grid.h"
#include "probes/catalogue/int_alu.h"
#include "probes/catalogue/int_bits.h"
#include "probes/catalogue/int_div.h"
#include "probes/catalogue/int_mul.h"
#include "probes/catalogue/int_mul32.h"
#include "probes/catalogue/logistic.h"
#include "probes/catalogue/mask.h"
#include "probes/catalogue/memory_programs.h"
#include "probes/catalogue/minmax.h"
#include "probes/catalogue/paths.h"
#include "probes/catalogue/sfu.h"
#include "probes/catalogue/sha256.h"
#include "probes/catalogue/shuffle.h"
#include "probes/catalogue/transformer.h"

namespace assay::probes::device {
namespace {

// Work of a run: operations, or bytes, as the host's kernels count them.
constexpr double per_run(uint32_t steps, double work_per_step) { return steps * work_per_step; }

// A probe of gemm_grid.h.
template <size_t kIndex>
constexpr Program grid(const ProgramShape& shape, std::string_view silicon) {
  constexpr const gemm_grid::Kind& kKind = gemm_grid::kKinds[kIndex];
  return {kKind.id, kKind.version, shape,
          [](uint32_t operand_set, std::span<uint64_t>, std::span<uint64_t> params) { grid_operands(kKind, operand_set, params); },
          per_run(kKind.steps, 2.0 * gemm_grid::kRows * gemm_grid::kColumns * gemm_grid::kDepth * kKind.turns), silicon};
}
// A probe of memory_programs.h, by its table and number there; its work are the bytes read.
template <std::span<const memory::Program> (*kTable)(), size_t kIndex>
Program march(const ProgramShape& shape, std::string_view silicon) {
  const memory::Program& of = kTable()[kIndex];
  const std::vector<memory::Pass> passes = memory::passes_of(of);
  const auto reads = std::ranges::count_if(passes, [](const memory::Pass& pass) { return pass.reads.has_value(); });
  return {of.id, of.version, shape,
          [](uint32_t operand_set, std::span<uint64_t>, std::span<uint64_t> params) { memory_operands(kTable()[kIndex], operand_set, params); },
          static_cast<double>(reads) * static_cast<double>(of.bytes()), silicon};
}
constexpr std::string_view kNoMatrixUnit = "FP32 fused multiply-add on decoded operands, no matrix unit";

std::vector<Program> arithmetic() {
  return {
      Program{fma::kIdF64, fma::kVersion, fma_fp64_shape, fma::operands_f64, per_run(fma::kSteps, 4.0 * fma::kIterations * fma::kLanesF64),
              "FP64 fused multiply-add units"},
      Program{fma::kIdF32, fma::kVersion, fma_fp32_shape, fma::operands_f32, per_run(fma::kSteps, 4.0 * fma::kIterations * fma::kLanesF32),
              "FP32 fused multiply-add units"},
      Program{div::kIdF64, div::kVersion, div_fp64_shape, div::operands_f64, per_run(div::kSteps, 2.0 * div::kIterations * div::kLanesF64),
              "FP64 reciprocal seeds and the fused multiply-adds that refine them"},
      Program{div::kIdF32, div::kVersion, div_fp32_shape, div::operands_f32, per_run(div::kSteps, 2.0 * div::kIterations * div::kLanesF32),
              "FP32 reciprocal and root seeds and the fused multiply-adds that refine them"},
      Program{addmul::kIdF64, addmul::kVersion, addmul_fp64_shape, addmul::operands_f64, per_run(addmul::kSteps, 4.0 * addmul::kIterations * addmul::kLanesF64),
              "FP64 adders and multipliers, nothing fused"},
      Program{addmul::kIdF32, addmul::kVersion, addmul_fp32_shape, addmul::operands_f32, per_run(addmul::kSteps, 4.0 * addmul::kIterations * addmul::kLanesF32),
              "FP32 adders and multipliers, nothing fused"},
      Program{logistic::kId, logistic::kVersion, logistic_shape, logistic::operands,
              per_run(logistic::kSteps, 6.0 * logistic::kTurns * logistic::kIterations * logistic::kLanes), "FP64 multiply, subtract and fused multiply-add"},
      Program{cvt::kId, cvt::kVersion, cvt_shape, cvt::operands,
              per_run(cvt::kSteps, 1.0 * cvt::kIterations * (cvt::kNarrow * cvt::kLanes + cvt::kWide * cvt::kHalfWords)), "conversion units"},
      Program{minmax::kId, minmax::kVersion, minmax_shape, minmax::operands, per_run(minmax::kSteps, 1.0 * minmax::kResults * minmax::kIterations * minmax::kLanes),
              "integer and floating-point minima, comparisons into predicates, selections"},
      Program{sfu::kId, sfu::kVersion, sfu_approx_shape, sfu::operands,
              per_run(sfu::kSteps, 2.0 * sfu::kFunctions * sfu::kIterations * sfu::kLanes), "special function unit (MUFU)"},
      Program{transformer::kId, transformer::kVersion, transformer_shape, transformer_operands,
              per_run(transformer::kSteps, 2.0 * transformer::kTrainings * transformer::kMultiplyAdds),
              "FP32 fused multiply-add, divide and root as training uses them, through the caches"},
  };
}

std::vector<Program> integers() {
  return {
      Program{int_mul::kId, int_mul::kVersion, int_mul_shape, int_mul::operands, per_run(int_mul::kSteps, 1.0 * int_mul::kIterations * int_mul::kLanes),
              "integer multiply-add units, low and high half"},
      Program{int_alu::kId, int_alu::kVersion, int_alu_shape, int_alu::operands, per_run(int_alu::kSteps, 1.0 * int_alu::kIterations * int_alu::kLanes),
              "integer sums with carry, shifts, logic, counts, selections"},
      Program{int_mul32::kId, int_mul32::kVersion, int_mul32_shape, int_mul32::operands,
              per_run(int_mul32::kSteps, 32.0 * int_mul32::kIterations * int_mul32::kWords), "integer multiply-add units, on operands of 8, 16 and 32 bits"},
      Program{int_div::kId, int_div::kVersion, int_div_shape, int_div::operands, per_run(int_div::kSteps, 5.0 * int_div::kIterations * int_div::kLanes),
              "what integer division is made of: reciprocal seeds, multiply-add, comparisons"},
      Program{int_bits::kId, int_bits::kVersion, int_bits_shape, int_bits::operands, per_run(int_bits::kSteps, 1.0 * int_bits::kIterations * int_bits::kLanes),
              "shifts, logic and counts of bits; there is no unit that gathers bits"},
      Program{clmul::kId, clmul::kVersion, clmul_shape, clmul::operands, per_run(clmul::kSteps, 7.0 * clmul::kIterations * clmul::kLanes),
              "integer multiply-add units on operands with holes; there is no carry-less multiplier"},
      Program{mask::kId, mask::kVersion, mask_shape, mask::operands, per_run(mask::kSteps, 64.0 * mask::kIterations * mask::kChains),
              "comparisons into predicates, selections, exchange through the team's memory"},
  };
}

std::vector<Program> hashes_and_moves() {
  return {
      Program{crc32c::kId, crc32c::kVersion, crc32c_shape, crc32c::operands, per_run(crc32c::kSteps, 8.0 * crc32c::kDataWords * crc32c::kLanes),
              "integer logic, table loads from the team's memory"},
      Program{sha256::kId, sha256::kVersion, sha256_shape, sha256::operands, per_run(sha256::kSteps, 64.0 * sha256::kIterations * sha256::kChains),
              "32-bit additions, logic and funnel shifts"},
      Program{chacha20::kId, chacha20::kVersion, chacha20_shape, chacha20::operands, per_run(chacha20::kSteps, 64.0 * chacha20::kIterations * chacha20::kBlocks),
              "32-bit additions, logic and funnel shifts"},
      Program{shuffle::kId, shuffle::kVersion, shuffle_shape, shuffle::operands,
              per_run(shuffle::kSteps, 64.0 * shuffle::kIterations * shuffle::kVectors), "byte selection, exchange between lanes"},
      Program{aes::kId, aes::kVersion, aes_shape, aes::operands, per_run(aes::kSteps, 16.0 * aes::kIterations * aes::kBlocks),
              "table loads from the team's memory, 32-bit logic; there is no AES unit"},
      Program{gather::kId, gather::kVersion, gather_shape, gather::operands, per_run(gather::kSteps, 36.0 * gather::kIterations * gather::kLanes),
              "loads and stores of the team's memory by computed addresses"},
  };
}

std::vector<Program> products() {
  return {
      Program{gemm::kIdF64, gemm::kVersion, gemm_fp64_shape, gemm_operands_f64,
              per_run(gemm::kSteps, 2.0 * gemm::kTurns * gemm::kRowsF64 * gemm::kColumns * gemm::kDepth),
              "FP64 fused multiply-add, no matrix unit"},
      Program{gemm::kIdF32, gemm::kVersion, gemm_fp32_shape, gemm_operands_f32,
              per_run(gemm::kSteps, 2.0 * gemm::kTurns * gemm::kRowsF32 * gemm::kColumns * gemm::kDepth),
              "FP32 fused multiply-add"},
      grid<0>(grid_4x4_shape, kNoMatrixUnit),
      grid<1>(grid_4x4_shape, kNoMatrixUnit),
      grid<2>(grid_16x4_shape, kNoMatrixUnit),
      grid<3>(grid_fp8_shape, kNoMatrixUnit),
      grid<4>(grid_fp8_shape, kNoMatrixUnit),
      grid<5>(grid_int_shape, "integer multiply-add on widened operands, no matrix unit"),
      grid<6>(grid_int_shape, "integer multiply-add on widened operands, no matrix unit"),
      grid<7>(grid_8_shape, kNoMatrixUnit),
      grid<8>(grid_8_shape, kNoMatrixUnit),
      grid<9>(grid_8_shape, kNoMatrixUnit),
  };
}

std::vector<Program> memories() {
  return {
      march<memory::programs, 0>(march_shape, "device memory and the way to it"),
      march<memory::programs, 1>(march_l1_shape, "caches of one unit"),
      march<memory::programs, 2>(march_l2_shape, "caches of one unit and the one that all share"),
      march<memory::programs, 3>(march_l3_shape, "device memory and the way to it"),
      march<memory::programs, 7>(walking_shape, "device memory and the way to it, data and address lines one at a time"),
      march<memory::device_programs, 0>(march_team_shape, "shared memory of one unit"),
      march<memory::device_programs, 1>(march_device_shape, "device memory and the way to it, where all teams at once need more than the shared cache holds"),
      Program{device_atomics::kId, device_atomics::kVersion, atomics_shape, device_atomics::operands,
              per_run(device_atomics::kSteps, 9.0 * device_atomics::kOperations * device_atomics::kLanes), "atomic units of the cache that all units share"},
  };
}

std::vector<Program> copies() {
  return {
      Program{paths::kIdCopyToDevice, paths::kVersion, copy_h2d_shape, paths::operands_copy_to_device, 8.0 * paths::kParamWords,
              "copy engine and bus, from the host's memory"},
      Program{paths::kIdCopyToHost, paths::kVersion, copy_d2h_shape, paths::operands_copy_to_host, 8.0 * paths::kSentWords * paths::kSteps,
              "copy engine and bus, to the host's memory"},
  };
}

}  // namespace

std::span<const Program> programs() {
  static const std::vector<Program> kPrograms = [] {
    std::vector<Program> all;
    for (const auto group : {arithmetic, integers, hashes_and_moves, products, memories, copies}) {
      for (const Program& program : group()) all.push_back(program);
    }
    return all;
  }();
  return kPrograms;
}

const Program* find_program(std::string_view probe_id) {
  const auto found = std::ranges::find(programs(), probe_id, &Program::probe_id);
  return found == programs().end() ? nullptr : &*found;
}

std::vector<uint64_t> operands_of(const Program& program, uint32_t operand_set) {
  std::vector<uint64_t> words(program.shape.operand_words());
  const std::span all(words);
  program.operands(operand_set, all.first(program.shape.state_words), all.subspan(program.shape.state_words));
  return words;
}

}  // namespace assay::probes::device
