// SPDX-License-Identifier: Apache-2.0
// The programs of NVIDIA's matrix units as the launcher and the offers see them: which probe each computes, on what unit, and what it takes.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "probes/backend/cuda/tensor/shape.h"

namespace assay::probes::tensor {

struct Program {
  std::string_view name;       // "mma_fp16": of its kernel, and of its functions
  std::string_view probe_id;   // of the catalogue
  Product product;

  std::string_view variant() const;  // "mma", "wgmma", "tcgen05"
  uint32_t lanes() const;            // of a team: 32 or 128
  uint32_t share_words() const;      // of team memory, in words of 64 bits
  uint32_t param_words() const;
  uint32_t out_words() const;        // of one step
  uint32_t steps() const { return product.steps; }
  double work_per_run() const;       // operations: two for each product that is added up
};

inline constexpr size_t kPrograms = 34;
// Every program; those of a probe strongest first: tcgen05, wgmma, mma.
std::span<const Program> programs();
// nullptr when there is none.
const Program* find_program(std::string_view probe_id, std::string_view variant);

}  // namespace assay::probes::tensor
