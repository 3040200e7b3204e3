// SPDX-License-Identifier: Apache-2.0
// The programs of the matrix units: one a unit and probe. layout.cpp holds them against the catalogue when it is compiled.
#pragma once

#include "probes/backend/cuda/tensor/shape.h"

namespace assay::probes::tensor {

#define ASSAY_TENSOR_GRID(unit_of, name)                                               \
  inline constexpr Product k##unit_of##Tf32{Unit::k##unit_of, Number::kTf32, 4, 4, 8};     \
  inline constexpr Product k##unit_of##Fp16{Unit::k##unit_of, Number::kFp16, 4, 4, 8};     \
  inline constexpr Product k##unit_of##Bf16{Unit::k##unit_of, Number::kBf16, 16, 4, 8};    \
  inline constexpr Product k##unit_of##E4m3{Unit::k##unit_of, Number::kE4m3, 4, 4, 16};    \
  inline constexpr Product k##unit_of##E5m2{Unit::k##unit_of, Number::kE5m2, 4, 4, 16};    \
  inline constexpr Product k##unit_of##Int8{Unit::k##unit_of, Number::kInt8, 4, 16, 8}
ASSAY_TENSOR_GRID(Mma, mma);
ASSAY_TENSOR_GRID(Wgmma, wgmma);
ASSAY_TENSOR_GRID(Tcgen05, tcgen05);
#undef ASSAY_TENSOR_GRID

inline constexpr Product kMmaFp64{Unit::kMma, Number::kFp64, 16, 4, 8};
inline constexpr Product kMmaInt4{Unit::kMma, Number::kInt4, 4, 16, 8};
inline constexpr Product kMmaMxfp6{Unit::kMma, Number::kMxfp6, 8, 1, 64};
inline constexpr Product kMmaMxfp4{Unit::kMma, Number::kMxfp4, 8, 1, 64};
inline constexpr Product kMmaNvfp4{Unit::kMma, Number::kNvfp4, 8, 1, 64};
inline constexpr Product kTcgen05Mxfp6{Unit::kTcgen05, Number::kMxfp6, 8, 1, 64};
inline constexpr Product kTcgen05Mxfp4{Unit::kTcgen05, Number::kMxfp4, 8, 1, 64};
inline constexpr Product kTcgen05Nvfp4{Unit::kTcgen05, Number::kNvfp4, 8, 1, 64};

// gemm.<format>.random.hopper: blocks along k in the order of k, one instruction a block.
inline constexpr Product kMmaTf32Random{Unit::kMma, Number::kTf32, 2, 1, 256};
inline constexpr Product kMmaFp16Random{Unit::kMma, Number::kFp16, 2, 1, 256};
inline constexpr Product kMmaBf16Random{Unit::kMma, Number::kBf16, 2, 1, 256};
inline constexpr Product kWgmmaTf32Random{Unit::kWgmma, Number::kTf32, 2, 1, 256};
inline constexpr Product kWgmmaFp16Random{Unit::kWgmma, Number::kFp16, 2, 1, 256};
inline constexpr Product kWgmmaBf16Random{Unit::kWgmma, Number::kBf16, 2, 1, 256};
inline constexpr Product kWgmmaE4m3Random{Unit::kWgmma, Number::kE4m3, 2, 1, 256};
inline constexpr Product kWgmmaE5m2Random{Unit::kWgmma, Number::kE5m2, 2, 1, 256};

}  // namespace assay::probes::tensor
