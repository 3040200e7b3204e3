// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/cuda/error_class.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace assay::probes::cuda {
namespace {

struct Row {
  DriverResult result;
  ErrorCode code;
  bool sticky;
  std::string_view next;   // what to do, or what it means
};

constexpr ErrorCode kLost = ErrorCode::kUnavailable;
constexpr std::array kRows = {
    Row{2, ErrorCode::kLimit, false, "the device's memory is short: try again when its jobs have ended"},
    Row{34, ErrorCode::kUnavailable, false, "this libcuda.so.1 is the toolkit's stub: install the driver's"},
    Row{46, ErrorCode::kConflict, false, "the device is busy or in an exclusive mode"},
    Row{100, ErrorCode::kNotFound, false, "the driver sees no device"},
    Row{101, ErrorCode::kNotFound, false, "no such device"},
    Row{200, ErrorCode::kUnsupported, false, "the device's image does not load"},
    Row{209, ErrorCode::kUnsupported, false, "this build has no machine code for the device: build with its architecture in ASSAY_CUDA_ARCHS"},
    Row{214, kLost, true, "uncorrectable ECC error: reset the device"},
    Row{217, ErrorCode::kUnsupported, false, "one device cannot reach the memory of the other"},
    Row{218, ErrorCode::kUnsupported, false, "the driver cannot translate this PTX"},
    Row{220, kLost, true, "uncorrectable NVLink error"},
    Row{221, ErrorCode::kUnsupported, false, "the driver has no compiler for PTX"},
    Row{222, ErrorCode::kUnsupported, false, "the driver is older than the toolkit of this build"},
    Row{223, ErrorCode::kUnsupported, false, "translation of PTX is switched off"},
    Row{226, kLost, true, "the device contained an error of its memory: this process is cut off"},
    Row{500, ErrorCode::kUnsupported, false, "the image has no such kernel"},
    Row{700, kLost, true, "a kernel touched memory that is not there"},
    Row{701, ErrorCode::kUnsupported, false, "the kernel needs more registers or memory than the device has"},
    Row{702, kLost, true, "the kernel ran into the driver's time limit"},
    Row{709, kLost, true, "the context is gone"},
    Row{710, kLost, true, "a kernel's assertion failed"},
    Row{714, kLost, true, "a kernel broke the device's stack"},
    Row{715, kLost, true, "a kernel met an instruction that the device does not know"},
    Row{716, kLost, true, "a kernel touched memory at an odd address"},
    Row{717, kLost, true, "a kernel took an address for another kind of memory"},
    Row{718, kLost, true, "a kernel's program counter went astray"},
    Row{719, kLost, true, "a kernel died"},
    Row{720, ErrorCode::kUnsupported, false, "not all blocks fit at once"},
    Row{721, kLost, true, "a kernel left tensor memory behind"},
    Row{800, ErrorCode::kPermission, false, "not permitted: see the device cgroup and /dev/nvidia*"},
    Row{801, ErrorCode::kUnsupported, false, "not supported on this device"},
    Row{802, ErrorCode::kUnavailable, false, "the system is not ready: on NVSwitch machines start nvidia-fabricmanager"},
    Row{803, ErrorCode::kUnavailable, false, "library and kernel module of the driver are of two versions: reload the module"},
    Row{804, ErrorCode::kUnavailable, false, "the forward-compatibility package does not fit this device"},
    Row{805, ErrorCode::kConflict, false, "the MPS server does not answer"},
    Row{806, ErrorCode::kConflict, false, "the MPS server failed"},
    Row{807, ErrorCode::kConflict, false, "the MPS server is not ready"},
    Row{808, ErrorCode::kConflict, false, "the MPS server has all the clients it takes"},
    Row{809, ErrorCode::kConflict, false, "the MPS server has all the connections it takes"},
    Row{810, kLost, true, "the MPS server ended this client"},
    Row{999, kLost, true, "see the kernel's log for Xid lines"},
};

const Row* row_of(DriverResult result) {
  const auto found = std::ranges::find(kRows, result, &Row::result);
  return found == kRows.end() ? nullptr : &*found;
}

}  // namespace

ErrorCode error_code_of(DriverResult result) {
  const Row* row = row_of(result);
  return row != nullptr ? row->code : ErrorCode::kInternal;
}

bool is_sticky(DriverResult result) {
  const Row* row = row_of(result);
  return row != nullptr && row->sticky;
}

Error driver_error(DriverResult result, std::string_view doing, std::string_view name) {
  const Row* row = row_of(result);
  return make_error(error_code_of(result), fmt::format("{}: {} ({}){}{}", doing, name.empty() ? "CUDA error" : name, result, row != nullptr ? ": " : "",
                                                       row != nullptr ? row->next : ""));
}

}  // namespace assay::probes::cuda
