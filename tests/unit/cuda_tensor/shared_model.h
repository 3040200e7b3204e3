// SPDX-License-Identifier: Apache-2.0
// A team's shared memory, and operands read from it the way matrix descriptors say (PTX ISA, "Matrix descriptor format": fields in units of 16 bytes;
// K-major without swizzling: core matrices of 8 lines by 16 bytes). Written from there and not from staged_shape.h.
#pragma once

#include <cstdint>
#include <vector>

#include "tests/unit/cuda_tensor/values.h"

namespace assay::probes::tensor {

class SharedModel {
 public:
  // `base`: where the team's memory begins, a multiple of 16. All of it is junk at first.
  SharedModel(uint32_t base, uint32_t bytes);

  uint32_t base() const { return base_; }
  // Copies 16 bytes of the parameters, piece `from` of them, to piece `to` of the memory. CHECKs both.
  void put(uint32_t to, const std::vector<uint64_t>& params, uint32_t from);
  // `lines` by k numbers, row-major, 32 bytes along k. `fixed`: what bits 46 .. 63 of the descriptor must be.
  std::vector<double> read(Number number, Side side, uint64_t descriptor, uint32_t lines, uint64_t fixed) const;

 private:
  uint8_t byte_at(uint32_t address) const;
  uint32_t base_;
  std::vector<uint8_t> bytes_;
};

// Elements along k of an instruction.
constexpr uint32_t depth_of(Number number) { return number == Number::kMxfp6 ? 32 : 256 / bits_of(number); }

}  // namespace assay::probes::tensor
