// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/opencl/capabilities.h"

#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>

#include "probes/backend/device/programs/plain.h"

namespace assay::probes::opencl {
namespace {

bool uses_any(std::string_view text, std::initializer_list<std::string_view> names) {
  return std::ranges::any_of(names, [text](std::string_view name) { return text.find(name) != std::string_view::npos; });
}

std::string without_comments(std::string_view text) {
  std::string code;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    code += line.substr(0, line.find("//"));
    code += '\n';
    text.remove_prefix(std::min(line.size() + 1, text.size()));
  }
  return code;
}

std::string missing_single(ApiBits has, const Needs& needs) {
  if ((has & kFpDenorm) == 0) return "FP32 without denormal numbers: they are flushed to zero";
  if ((has & (kFpRoundToNearest | kFpInfNan)) != (kFpRoundToNearest | kFpInfNan)) return "FP32 without rounding to nearest even, infinities and NaN";
  if (needs.single_fma && (has & kFpFma) == 0) return "no fused multiply-add of FP32: the driver would emulate it";
  if (needs.single_divide_sqrt && (has & kFpCorrectlyRoundedDivideSqrt) == 0) return "FP32 division and square root are not correctly rounded";
  return "";
}

// FP64 of OpenCL (cl_khr_fp64) promises all of these; a driver that does not is not trusted.
std::string missing_double(ApiBits has) {
  constexpr ApiBits kAll = kFpDenorm | kFpInfNan | kFpRoundToNearest | kFpFma;
  if (has == 0) return "no FP64 (cl_khr_fp64)";
  if ((has & kAll) != kAll) return "FP64 without denormal numbers, NaN, rounding to nearest even or fused multiply-add";
  return "";
}

}  // namespace

Needs needs_of(std::string_view program_text) {
  const std::string code = without_comments(program_text);
  Needs needs;
  needs.single_fma = uses_any(code, {"assay_fma_f32"});
  needs.single_divide_sqrt = uses_any(code, {"assay_div_f32", "assay_sqrt_f32"});
  needs.single = uses_any(code, {"float", "_f32", "_F32"});
  needs.twofold = uses_any(code, {"double", "_f64", "_F64", "ASSAY_NEAREST_I64", "ASSAY_NEAREST_I32("});
  needs.wide_atomics = uses_any(code, {"ASSAY_ADD_U64", "ASSAY_SWAP_U64"});
  return needs;
}

std::string what_is_missing(const DeviceFacts& device) {
  if ((device.type & kTypeCustom) != 0) return "a custom device: it takes no programs of ours";
  if (!device.available) return "the driver says that it is not available";
  if (!device.compiler) return "the driver has no compiler";
  if (!device.little_endian) return "big-endian words";
  if (!device.int64) return "no 64-bit integers (cles_khr_int64)";
  return "";
}

std::string what_is_missing(const DeviceFacts& device, const device::ProgramShape& shape, const Needs& needs) {
  if (std::string missing = what_is_missing(device); !missing.empty()) return missing;
  if (shape.lanes > device.work_group_lanes) return fmt::format("work-groups of {} at most, {} are needed", device.work_group_lanes, shape.lanes);
  const uint64_t bytes = uint64_t{shape.memory_words} * sizeof(uint64_t) + ASSAY_FLAG_WORDS * sizeof(uint32_t);
  if (bytes > device.local_bytes) return fmt::format("{} KiB of local memory, {} are needed", device.local_bytes / 1024, (bytes + 1023) / 1024);
  if (needs.wide_atomics && !(device.has_extension("cl_khr_int64_base_atomics") && device.has_extension("cl_khr_int64_extended_atomics"))) {
    return "no atomic operations of 64 bits (cl_khr_int64_base_atomics, cl_khr_int64_extended_atomics)";
  }
  if (needs.single) {
    if (std::string missing = missing_single(device.single_fp, needs); !missing.empty()) return missing;
  }
  return needs.twofold ? missing_double(device.double_fp) : "";
}

std::string build_options(const DeviceFacts& device) {
  std::string options = "-cl-std=CL1.2";
  // Only devices that promise it accept the option.
  if ((device.single_fp & kFpCorrectlyRoundedDivideSqrt) != 0) options += " -cl-fp32-correctly-rounded-divide-sqrt";
  return options;
}

}  // namespace assay::probes::opencl
