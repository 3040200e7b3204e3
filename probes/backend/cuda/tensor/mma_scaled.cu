// SPDX-License-Identifier: Apache-2.0
// The mma.sync programs of block-scaled formats: the family of sm_120 alone (120f).
#include "probes/backend/cuda/tensor/mma_programs.cuh"

#define ASSAY_PROGRAM mma_mxfp6
#define ASSAY_TENSOR_PRODUCT kMmaMxfp6
#include "probes/backend/cuda/tensor/step_entry.inl"

#define ASSAY_PROGRAM mma_mxfp4
#define ASSAY_TENSOR_PRODUCT kMmaMxfp4
#include "probes/backend/cuda/tensor/step_entry.inl"

#define ASSAY_PROGRAM mma_nvfp4
#define ASSAY_TENSOR_PRODUCT kMmaNvfp4
#include "probes/backend/cuda/tensor/step_entry.inl"
