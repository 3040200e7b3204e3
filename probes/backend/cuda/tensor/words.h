// SPDX-License-Identifier: Apache-2.0
// Sizes of a program as constants of a type: what the macros of device/programs/dialect.h want, on a device too.
#pragma once

#include "probes/backend/cuda/tensor/mma_shape.h"
#include "probes/backend/cuda/tensor/staged_shape.h"

namespace assay::probes::tensor {

template <Unit kUnit, Number kNumber>
struct Words {
  static constexpr u32 kTeam = kUnit == Unit::kMma ? kLanes : tensor::kTeam;
  static constexpr u32 kShare = kUnit == Unit::kMma ? 0 : kUnit == Unit::kWgmma ? wgmma_share_words() : tcgen05_share_words();
  static constexpr u32 kParams = kUnit == Unit::kMma ? mma_shape(kNumber).param_words() : staged_shape(kNumber).param_words();
  static constexpr u32 kOut = out_words(kNumber);
};

}  // namespace assay::probes::tensor
