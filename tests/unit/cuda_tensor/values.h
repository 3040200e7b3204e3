// SPDX-License-Identifier: Apache-2.0
// What codes of the formats stand for, as exact doubles: the models of matrix instructions multiply these.
#pragma once

#include <cstdint>

#include "probes/backend/cuda/tensor/shape.h"

namespace assay::probes::tensor {

enum class Side { kA, kB };

// Of an element in the low bits of `code`; tf32 as a word of FP32, FP64 by its bits. The two sides of mxfp6 have formats of their own.
double value_of(Number number, Side side, uint64_t code);
// Of the code of a block scale.
double scale_of(Number number, uint8_t code);
// Elements along k that share one.
constexpr uint32_t block_of(Number number) { return number == Number::kNvfp4 ? 16 : number == Number::kMxfp6 || number == Number::kMxfp4 ? 32 : kDepth; }

}  // namespace assay::probes::tensor
