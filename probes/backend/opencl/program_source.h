// SPDX-License-Identifier: Apache-2.0
// The OpenCL C text of each portable program. The files of device/programs are embedded in the library as they are; here their includes are resolved,
// because a driver compiles one text and knows no folders. Pure.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "common/base/result.h"

namespace assay::probes::opencl {

struct SourceFile {
  std::string_view path;   // from the root, as it is included
  std::string_view text;
};
// All embedded files; made by the build (embed_sources.cmake).
std::span<const SourceFile> source_files();

inline constexpr std::string_view kKernelName = "assay_kernel";

struct ProgramSource {
  std::string text;        // all of it: dialect, frame, program, kernel
  std::string program;     // the program's own part, by which needs_of() (capabilities.h) sees what it asks of a device
};

// kNotFound: all.inl has no program of that name; kInternal: it includes a file that is not there. `files` is for tests.
Result<ProgramSource> program_source(std::string_view name, std::span<const SourceFile> files = source_files());

}  // namespace assay::probes::opencl
