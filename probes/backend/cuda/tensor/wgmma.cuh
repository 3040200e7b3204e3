// SPDX-License-Identifier: Apache-2.0
// The Team of wgmma_step.h on a device (sm_90a alone): one lane of a warpgroup, its 48 accumulators, and the instructions of a chunk in one piece, so
// that no compiler moves a register in between (PTX ISA, "wgmma.fence").
#pragma once

#include "probes/backend/cuda/tensor/wgmma_step.h"

namespace assay::probes::tensor {

#if defined(__CUDA_ARCH_FEAT_SM90_ALL)
#define ASSAY_TENSOR_SM90 1
#else
#define ASSAY_TENSOR_SM90 0
#endif

#if defined(__CUDACC__)
#define ASSAY_WGMMA_SUMS \
  "{%0,%1,%2,%3,%4,%5,%6,%7,%8,%9,%10,%11,%12,%13,%14,%15,%16,%17,%18,%19,%20,%21,%22,%23,%24,%25,%26,%27,%28,%29,%30,%31,%32,%33,%34,%35,%36,%37,%38," \
  "%39,%40,%41,%42,%43,%44,%45,%46,%47}"
#define ASSAY_WGMMA_ONE(shape_types, j_a, j_b, rest) "wgmma.mma_async.sync.aligned." shape_types " " ASSAY_WGMMA_SUMS ",%" j_a ",%" j_b ",p" rest ";\n"
// Four instructions; p: add to what is there.
#define ASSAY_WGMMA(shape_types, of_sum, rest)                                                                            \
  asm volatile("{\n.reg .pred p;\nsetp.eq.u32 p,0,0;\nwgmma.fence.sync.aligned;\n"                                       \
               ASSAY_WGMMA_ONE(shape_types, "48", "52", rest) ASSAY_WGMMA_ONE(shape_types, "49", "53", rest)              \
               ASSAY_WGMMA_ONE(shape_types, "50", "54", rest) ASSAY_WGMMA_ONE(shape_types, "51", "55", rest)              \
               "wgmma.commit_group.sync.aligned;\nwgmma.wait_group.sync.aligned 0;\n}\n"                                 \
               : "+" of_sum(sums[0]), "+" of_sum(sums[1]), "+" of_sum(sums[2]), "+" of_sum(sums[3]), "+" of_sum(sums[4]), "+" of_sum(sums[5]),    \
                 "+" of_sum(sums[6]), "+" of_sum(sums[7]), "+" of_sum(sums[8]), "+" of_sum(sums[9]), "+" of_sum(sums[10]), "+" of_sum(sums[11]),    \
                 "+" of_sum(sums[12]), "+" of_sum(sums[13]), "+" of_sum(sums[14]), "+" of_sum(sums[15]), "+" of_sum(sums[16]), "+" of_sum(sums[17]),    \
                 "+" of_sum(sums[18]), "+" of_sum(sums[19]), "+" of_sum(sums[20]), "+" of_sum(sums[21]), "+" of_sum(sums[22]), "+" of_sum(sums[23]),    \
                 "+" of_sum(sums[24]), "+" of_sum(sums[25]), "+" of_sum(sums[26]), "+" of_sum(sums[27]), "+" of_sum(sums[28]), "+" of_sum(sums[29]),    \
                 "+" of_sum(sums[30]), "+" of_sum(sums[31]), "+" of_sum(sums[32]), "+" of_sum(sums[33]), "+" of_sum(sums[34]), "+" of_sum(sums[35]),    \
                 "+" of_sum(sums[36]), "+" of_sum(sums[37]), "+" of_sum(sums[38]), "+" of_sum(sums[39]), "+" of_sum(sums[40]), "+" of_sum(sums[41]),    \
                 "+" of_sum(sums[42]), "+" of_sum(sums[43]), "+" of_sum(sums[44]), "+" of_sum(sums[45]), "+" of_sum(sums[46]), "+" of_sum(sums[47])   \
               : "l"(a[0]), "l"(a[1]), "l"(a[2]), "l"(a[3]), "l"(b[0]), "l"(b[1]), "l"(b[2]), "l"(b[3])                   \
               : "memory")

template <Number kNumber>
struct WgmmaSum {
  using Type = float;
};
template <>
struct WgmmaSum<Number::kInt8> {
  using Type = int;
};

template <Number kNumber>
static __device__ __forceinline__ void wgmma_instructions(typename WgmmaSum<kNumber>::Type (&sums)[48], const u64 (&a)[4], const u64 (&b)[4]) {
#if ASSAY_TENSOR_SM90
  static_assert(kInstructions == 4 && kStagedRows == 64 && kColumns == 96);
  if constexpr (kNumber == Number::kFp16) {
    ASSAY_WGMMA("m64n96k16.f32.f16.f16", "f", ",1,1,0,0");
  } else if constexpr (kNumber == Number::kBf16) {
    ASSAY_WGMMA("m64n96k16.f32.bf16.bf16", "f", ",1,1,0,0");
  } else if constexpr (kNumber == Number::kTf32) {
    ASSAY_WGMMA("m64n96k8.f32.tf32.tf32", "f", ",1,1");
  } else if constexpr (kNumber == Number::kE4m3) {
    ASSAY_WGMMA("m64n96k32.f32.e4m3.e4m3", "f", ",1,1");
  } else if constexpr (kNumber == Number::kE5m2) {
    ASSAY_WGMMA("m64n96k32.f32.e5m2.e5m2", "f", ",1,1");
  } else {
    ASSAY_WGMMA("m64n96k32.s32.s8.s8", "r", "");
  }
#endif
}
#undef ASSAY_WGMMA
#undef ASSAY_WGMMA_ONE
#undef ASSAY_WGMMA_SUMS

// `Barrier` brings the 128 lanes of the team together.
template <Number kNumber, typename Barrier>
struct WgmmaLane {
  struct Sums {
    typename WgmmaSum<kNumber>::Type each[48];
  };
  u32 lane;
  char* chunk;   // in shared memory, at a multiple of 16
  u32 chunk_address;

  __device__ __forceinline__ u32 address() const { return chunk_address; }
  template <typename F>
  __device__ __forceinline__ void each_lane(const F& f) const {
    f(lane);
  }
  __device__ __forceinline__ void put(u32 piece, const u64* params, u32 from) const {
    reinterpret_cast<uint4*>(chunk)[piece] = __ldg(reinterpret_cast<const uint4*>(params) + from);
  }
  __device__ __forceinline__ void barrier() const { Barrier::wait(); }
  // What was put is there for the matrix unit.
  __device__ __forceinline__ void publish() const {
#if ASSAY_TENSOR_SM90
    asm volatile("fence.proxy.async.shared::cta;" ::: "memory");
#endif
    barrier();
  }
  __device__ __forceinline__ void multiply(Sums& sums, const u64 (&a)[4], const u64 (&b)[4]) const { wgmma_instructions<kNumber>(sums.each, a, b); }
  __device__ __forceinline__ u32 word_of(const Sums& sums, u32, u32 i) const {
    if constexpr (kNumber == Number::kInt8) {
      return static_cast<u32>(sums.each[i]);
    } else {
      return __float_as_uint(sums.each[i]);
    }
  }
};
#endif

}  // namespace assay::probes::tensor
