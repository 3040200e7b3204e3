// SPDX-License-Identifier: Apache-2.0
// The mma.sync programs whose formats need no scales.
#include "probes/backend/cuda/tensor/mma_programs.cuh"

#define ASSAY_PROGRAM mma_fp64
#define ASSAY_TENSOR_PRODUCT kMmaFp64
#include "probes/backend/cuda/tensor/step_entry.inl"

#define ASSAY_PROGRAM mma_tf32
#define ASSAY_TENSOR_PRODUCT kMmaTf32
#include "probes/backend/cuda/tensor/step_entry.inl"

#define ASSAY_PROGRAM mma_fp16
#define ASSAY_TENSOR_PRODUCT kMmaFp16
#include "probes/backend/cuda/tensor/step_entry.inl"

#define ASSAY_PROGRAM mma_bf16
#define ASSAY_TENSOR_PRODUCT kMmaBf16
#include "probes/backend/cuda/tensor/step_entry.inl"

#define ASSAY_PROGRAM mma_e4m3
#define ASSAY_TENSOR_PRODUCT kMmaE4m3
#include "probes/backend/cuda/tensor/step_entry.inl"

#define ASSAY_PROGRAM mma_e5m2
#define ASSAY_TENSOR_PRODUCT kMmaE5m2
#include "probes/backend/cuda/tensor/step_entry.inl"

#define ASSAY_PROGRAM mma_int8
#define ASSAY_TENSOR_PRODUCT kMmaInt8
#include "probes/backend/cuda/tensor/step_entry.inl"

#define ASSAY_PROGRAM mma_int4
#define ASSAY_TENSOR_PRODUCT kMmaInt4
#include "probes/backend/cuda/tensor/step_entry.inl"

#define ASSAY_PROGRAM mma_tf32_random
#define ASSAY_TENSOR_PRODUCT kMmaTf32Random
#include "probes/backend/cuda/tensor/step_entry.inl"

#define ASSAY_PROGRAM mma_fp16_random
#define ASSAY_TENSOR_PRODUCT kMmaFp16Random
#include "probes/backend/cuda/tensor/step_entry.inl"

#define ASSAY_PROGRAM mma_bf16_random
#define ASSAY_TENSOR_PRODUCT kMmaBf16Random
#include "probes/backend/cuda/tensor/step_entry.inl"
