// SPDX-License-Identifier: Apache-2.0
// What a GPU can do at most: kernels that do one thing over and over and check nothing, for the rates of probes to stand beside (rate_test.cpp). Matrix
// units are given the very instructions of the probes, on registers and shared memory that are there already, all zero: a chip that computes with zeros
// draws less power than one with numbers, so a limit of power shows in the probe alone.
#include <cstring>

#include "probes/backend/cuda/tensor/mma.cuh"
#include "probes/backend/cuda/tensor/wgmma.cuh"
#include "tests/gpu/ceiling_arguments.h"

using assay::probes::gpu::CeilingArguments;
using assay::probes::gpu::kCeilingChains;
using assay::probes::gpu::kCeilingLanes;
using assay::probes::tensor::Number;

#define CEILING(name) extern "C" __global__ void __launch_bounds__(kCeilingLanes) ceiling_##name(const __grid_constant__ CeilingArguments args)

static __device__ __forceinline__ uint64_t this_lane() { return uint64_t{blockIdx.x} * kCeilingLanes + threadIdx.x; }
// Low bits of an argument as a number.
template <typename T>
static __device__ __forceinline__ T number_of(uint64_t bits) {
  T number;
  memcpy(&number, &bits, sizeof number);
  return number;
}

// x[k] = op(x[k]) in independent chains; what comes out is written, so that nothing can be left out.
template <typename T, typename Op>
static __device__ __forceinline__ void chains(const CeilingArguments& args, const Op& op) {
  T x[kCeilingChains];
#pragma unroll
  for (uint32_t k = 0; k < kCeilingChains; ++k) x[k] = static_cast<T>(1 + k + this_lane());
#pragma unroll 4
  for (uint32_t turn = 0; turn < args.turns; ++turn) {
#pragma unroll
    for (uint32_t k = 0; k < kCeilingChains; ++k) x[k] = op(x[k]);
  }
  T rest = 0;
#pragma unroll
  for (uint32_t k = 1; k < kCeilingChains; ++k) rest += x[k];
  T* out = reinterpret_cast<T*>(args.memory) + 2 * this_lane();
  out[0] = x[0];
  out[1] = rest;
}

CEILING(fma_f32) {
  const float a = number_of<float>(args.a);
  const float b = number_of<float>(args.b);
  chains<float>(args, [=](float x) { return __fmaf_rn(x, a, b); });
}
CEILING(fma_f64) {
  const double a = number_of<double>(args.a);
  const double b = number_of<double>(args.b);
  chains<double>(args, [=](double x) { return __fma_rn(x, a, b); });
}
CEILING(mad_u32) {
  const uint32_t a = number_of<uint32_t>(args.a);
  const uint32_t b = number_of<uint32_t>(args.b);
  chains<uint32_t>(args, [=](uint32_t x) { return x * a + b; });
}
CEILING(mul_u64) {
  const uint64_t a = args.a;
  chains<uint64_t>(args, [=](uint64_t x) { return (x * a) ^ __umul64hi(x, a); });
}
CEILING(logic_u32) {
  const uint32_t a = number_of<uint32_t>(args.a);
  const uint32_t b = number_of<uint32_t>(args.b);
  chains<uint32_t>(args, [=](uint32_t x) { return __funnelshift_l(x + a, x + a, 7) ^ b; });
}

// to = from + 1, and back: every lane has its own words in all passes, so that nothing has to wait for others.
CEILING(copy) {
  ulonglong2* halves = reinterpret_cast<ulonglong2*>(args.memory);
  const uint64_t lanes = uint64_t{gridDim.x} * kCeilingLanes;
  for (uint32_t turn = 0; turn < args.turns; ++turn) {
    const ulonglong2* from = halves + turn % 2 * args.count;
    ulonglong2* to = halves + (turn + 1) % 2 * args.count;
#pragma unroll 4
    for (uint64_t i = this_lane(); i < args.count; i += lanes) {
      ulonglong2 pair = from[i];
      pair.x += 1;
      pair.y += 1;
      to[i] = pair;
    }
  }
}

template <Number kNumber>
static __device__ __forceinline__ void mma_chains(const CeilingArguments& args) {
#if defined(__CUDA_ARCH__)
  using namespace assay::probes::tensor;
  if constexpr (mma_is_native(kNumber, __CUDA_ARCH__, ASSAY_TENSOR_SM120 != 0)) {
    using Word = typename WarpTypes<kNumber>::Word;
    using Sum = typename WarpTypes<kNumber>::Sum;
    const Word a[4] = {number_of<Word>(args.a), number_of<Word>(args.a), number_of<Word>(args.a), number_of<Word>(args.a)};
    const Word b[2] = {number_of<Word>(args.b), number_of<Word>(args.b)};
    Sum c[kCeilingChains][2] = {};
    Sum d[kCeilingChains][2] = {};
    for (uint32_t turn = 0; turn < args.turns; ++turn) {
#pragma unroll
      for (uint32_t k = 0; k < kCeilingChains; ++k) mma_instruction<kNumber>(c[k], d[k], a, b, 0, 0);
    }
    Sum all = 0;
#pragma unroll
    for (uint32_t k = 0; k < kCeilingChains; ++k) all += c[k][0] + c[k][1] + d[k][0] + d[k][1];
    reinterpret_cast<Sum*>(args.memory)[this_lane()] = all;
  }
#endif
}
CEILING(mma_fp64) { mma_chains<Number::kFp64>(args); }
CEILING(mma_tf32) { mma_chains<Number::kTf32>(args); }
CEILING(mma_fp16) { mma_chains<Number::kFp16>(args); }
CEILING(mma_bf16) { mma_chains<Number::kBf16>(args); }
CEILING(mma_e4m3) { mma_chains<Number::kE4m3>(args); }
CEILING(mma_e5m2) { mma_chains<Number::kE5m2>(args); }
CEILING(mma_int8) { mma_chains<Number::kInt8>(args); }
CEILING(mma_int4) { mma_chains<Number::kInt4>(args); }

// Both warpgroups of a block multiply the same tiles of shared memory.
template <Number kNumber>
static __device__ __forceinline__ void wgmma_chains(const CeilingArguments& args) {
#if ASSAY_TENSOR_SM90
  using namespace assay::probes::tensor;
  __shared__ __align__(128) uint4 tiles[chunk_pieces(kStagedRows)];
  for (uint32_t i = threadIdx.x; i < chunk_pieces(kStagedRows); i += kCeilingLanes) tiles[i] = make_uint4(0, 0, 0, 0);
  asm volatile("fence.proxy.async.shared::cta;" ::: "memory");
  __syncthreads();
  const u32 address = static_cast<u32>(__cvta_generic_to_shared(tiles));
  u64 a[kInstructions];
  u64 b[kInstructions];
#pragma unroll
  for (u32 j = 0; j < kInstructions; ++j) {
    a[j] = matrix_descriptor(address + chunk_a<kStagedRows>(j), kStagedRows);
    b[j] = matrix_descriptor(address + chunk_b<kStagedRows>(j), kColumns);
  }
  typename WgmmaSum<kNumber>::Type sums[48] = {};
  for (uint32_t turn = 0; turn < args.turns; ++turn) wgmma_instructions<kNumber>(sums, a, b);
  typename WgmmaSum<kNumber>::Type all = 0;
#pragma unroll
  for (uint32_t k = 0; k < 48; ++k) all += sums[k];
  reinterpret_cast<typename WgmmaSum<kNumber>::Type*>(args.memory)[this_lane()] = all;
#endif
}
CEILING(wgmma_tf32) { wgmma_chains<Number::kTf32>(args); }
CEILING(wgmma_fp16) { wgmma_chains<Number::kFp16>(args); }
CEILING(wgmma_bf16) { wgmma_chains<Number::kBf16>(args); }
CEILING(wgmma_e4m3) { wgmma_chains<Number::kE4m3>(args); }
CEILING(wgmma_e5m2) { wgmma_chains<Number::kE5m2>(args); }
CEILING(wgmma_int8) { wgmma_chains<Number::kInt8>(args); }
