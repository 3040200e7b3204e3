// SPDX-License-Identifier: Apache-2.0
// The machine code that is built into this library (cmake/Cuda.cmake): one fat binary for each .cu file, and beside it one with PTX alone. They are
// apart so that the driver's compiler can never come between: an image of machine code holds no PTX that it could translate.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace assay::probes::cuda {

struct Image {
  std::string_view name;               // "portable"; its PTX is "portable.ptx"
  std::string_view architectures;      // of its machine code: "80;90a"; "" of PTX
  const std::byte* begin = nullptr;    // a fat binary as nvcc wrote it
  const std::byte* end = nullptr;
};

std::span<const Image> images();

}  // namespace assay::probes::cuda
