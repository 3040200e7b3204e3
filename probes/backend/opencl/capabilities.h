// SPDX-License-Identifier: Apache-2.0
// Whether a device can compute a program with the bits that its golden has. Pure: what the driver says against what the program's text uses, so that
// a program that begins to divide begins to need correct division.
#pragma once

#include <string>
#include <string_view>

#include "probes/backend/device/portable.h"
#include "probes/backend/opencl/device_facts.h"

namespace assay::probes::opencl {

// What a program asks of floating point, and of atomic operations.
struct Needs {
  bool single = false;               // FP32 arithmetic, denormal numbers kept
  bool single_fma = false;
  bool single_divide_sqrt = false;   // correctly rounded
  bool twofold = false;              // FP64 arithmetic
  bool wide_atomics = false;         // of 64 bits
};
// From the text of the program itself (ProgramSource::program): every operation goes through a name of the dialect.
Needs needs_of(std::string_view program_text);

// Why the device cannot run any program, in words; "" when it can.
std::string what_is_missing(const DeviceFacts& device);
// Why it cannot run this one; "" when it can.
std::string what_is_missing(const DeviceFacts& device, const device::ProgramShape& shape, const Needs& needs);

// Options of the driver's compiler: no more than OpenCL C 1.2, nothing that loosens arithmetic.
std::string build_options(const DeviceFacts& device);

}  // namespace assay::probes::opencl
