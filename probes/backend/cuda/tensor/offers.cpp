// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/cuda/tensor/offers.h"

#include <fmt/format.h>

#include <algorithm>

namespace assay::probes::tensor {
namespace {

std::string_view words_of(Number number) {
  switch (number) {
    case Number::kFp64:
      return "FP64";
    case Number::kTf32:
      return "TF32";
    case Number::kFp16:
      return "FP16";
    case Number::kBf16:
      return "BF16";
    case Number::kE4m3:
      return "FP8 e4m3";
    case Number::kE5m2:
      return "FP8 e5m2";
    case Number::kInt8:
      return "INT8";
    case Number::kInt4:
      return "INT4";
    case Number::kMxfp6:
      return "MXFP6";
    case Number::kMxfp4:
      return "MXFP4";
    case Number::kNvfp4:
      return "NVFP4";
  }
  return "";
}

bool is_hopper_probe(const Program& program) { return program.probe_id.ends_with(".hopper"); }

// Why mma.sync of that format is not the chip's matrix unit; "" when it is. `chip`: 75, 80, 86, 87, 89, 90, 100, 103, 110, 120, 121.
std::string_view missing_mma(Number number, uint32_t chip) {
  if (chip < 75) return "the matrix units of chips before sm_75 have other instructions, which are not among the programs";
  switch (number) {
    case Number::kFp16:
    case Number::kInt8:
      return "";
    case Number::kInt4:
      return chip < 90 ? "" : "the matrix units have no INT4: mma.sync is computed with INT8 there";
    case Number::kE4m3:
    case Number::kE5m2:
      if (chip == 89 || chip >= 120) return "";
      return chip < 89 ? "the matrix units have no FP8" : "mma.sync converts FP8 to FP16 there: the FP8 unit is behind wgmma or tcgen05";
    case Number::kMxfp6:
    case Number::kMxfp4:
    case Number::kNvfp4:
      if (chip >= 120) return "";
      return chip < 100 ? "the matrix units have no block-scaled formats" : "block-scaled formats are behind tcgen05 there";
    default:
      return chip >= 80 ? "" : "the matrix units of sm_75 have FP16, INT8 and INT4 alone";
  }
}

std::string_view missing_tcgen05(Number number, uint32_t chip) {
  if (chip != 100 && chip != 103) return "tcgen05 is the matrix unit of sm_100 and sm_103";
  if (number == Number::kInt8 && chip == 103) return "tcgen05 of sm_103 has no INT8";
  return "";
}

std::string_view missing_of(const Program& program, uint32_t chip) {
  if (is_hopper_probe(program) && chip != 90) return "its golden is of the way in which the matrix units of sm_90 add";
  switch (program.product.unit) {
    case Unit::kMma:
      return missing_mma(program.product.number, chip);
    case Unit::kWgmma:
      return chip == 90 ? "" : "wgmma is the matrix unit of sm_90";
    case Unit::kTcgen05:
      return missing_tcgen05(program.product.number, chip);
  }
  return "";
}

// The way to the unit; what else the run touches because of it.
std::string_view path_of(Unit unit) {
  switch (unit) {
    case Unit::kMma:
      return "mma.sync, operands in registers";
    case Unit::kWgmma:
      return "wgmma, operands in shared memory";
    case Unit::kTcgen05:
      return "tcgen05, operands in shared memory, accumulators in tensor memory";
  }
  return "";
}

}  // namespace

cuda::Fit fit_of(const Program& program, const cuda::Chip& chip) {
  const std::string_view missing = missing_of(program, chip.number());
  if (!missing.empty()) return {"", std::string(missing)};
  return {fmt::format("{} matrix unit ({})", words_of(program.product.number), path_of(program.product.unit)), ""};
}

}  // namespace assay::probes::tensor
