// SPDX-License-Identifier: Apache-2.0
// The Warp of mma_step.h on a device: registers of one lane, and the instruction of each format as the architecture that is being compiled for has it.
// Only instructions that reach the unit they name are here: e4m3, e5m2 and int4 are compiled where the chip computes them, and nowhere as the
// sequence of others that ptxas makes of them elsewhere (offers.cpp).
#pragma once

#include "probes/backend/cuda/tensor/mma_step.h"

namespace assay::probes::tensor {

#if defined(__CUDA_ARCH_FEAT_SM120_ALL) || defined(__CUDA_ARCH_FEAT_SM121_ALL) || \
    (defined(__CUDA_ARCH_FAMILY_SPECIFIC__) && __CUDA_ARCH_FAMILY_SPECIFIC__ == 1200)
#define ASSAY_TENSOR_SM120 1
#else
#define ASSAY_TENSOR_SM120 0
#endif

// Whether code for the architecture being compiled has that instruction in hardware; `arch` as __CUDA_ARCH__, `blackwell` with the features of sm_120.
constexpr ASSAY_TENSOR_FN bool mma_is_native(Number number, u32 arch, bool blackwell) {
  switch (number) {
    case Number::kFp16:
    case Number::kInt8:
      return arch >= 750;
    case Number::kInt4:
      return arch >= 750 && arch < 900;
    case Number::kE4m3:
    case Number::kE5m2:
      return arch == 890 || arch >= 1200;
    case Number::kMxfp6:
    case Number::kMxfp4:
    case Number::kNvfp4:
      return blackwell;
    default:
      return arch >= 800;
  }
}

#if defined(__CUDACC__)
template <Number kNumber>
struct WarpTypes {
  using Word = u32;
  using Sum = float;
};
template <>
struct WarpTypes<Number::kFp64> {
  using Word = double;
  using Sum = double;
};
template <>
struct WarpTypes<Number::kInt8> {
  using Word = u32;
  using Sum = int;
};
template <>
struct WarpTypes<Number::kInt4> : WarpTypes<Number::kInt8> {};

#define ASSAY_MMA_M16N8(shape, types, of_sum)                                                                                             \
  asm volatile("mma.sync.aligned." shape ".row.col." types " {%0,%1,%2,%3},{%4,%5,%6,%7},{%8,%9},{%0,%1,%2,%3};"                          \
               : "+" of_sum(c[0]), "+" of_sum(c[1]), "+" of_sum(d[0]), "+" of_sum(d[1])                                                   \
               : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]))
#define ASSAY_MMA_M16N8_SCALED(shape, types)                                                                                              \
  asm volatile("mma.sync.aligned." shape "." types " {%0,%1,%2,%3},{%4,%5,%6,%7},{%8,%9},{%0,%1,%2,%3},{%10},{%12,%12},{%11},{%12,%12};"  \
               : "+f"(c[0]), "+f"(c[1]), "+f"(d[0]), "+f"(d[1])                                                                           \
               : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]), "r"(scale_a), "r"(scale_b), "h"(zero))
#define ASSAY_MMA_M8N8(shape, types, pair, of_word, of_sum, at)                                                                           \
  asm volatile("mma.sync.aligned." shape ".row.col." types " {%0,%1},{%2},{%3},{%0,%1};"                                                  \
               : "+" of_sum(pair[0]), "+" of_sum(pair[1])                                                                                 \
               : of_word(a[at]), of_word(b[(at) / 2]))
#define ASSAY_MMA_F16_K8(at)                                                                                                              \
  asm volatile("mma.sync.aligned.m16n8k8.row.col.f32.f16.f16.f32 {%0,%1,%2,%3},{%4,%5},{%6},{%0,%1,%2,%3};"                               \
               : "+f"(c[0]), "+f"(c[1]), "+f"(d[0]), "+f"(d[1])                                                                           \
               : "r"(a[2 * (at)]), "r"(a[2 * (at) + 1]), "r"(b[at]))

// Two slabs on an octet pair of A and one octet of B: c and d are the accumulator pairs of the two octets. a: first octet and second of the first
// slab, then of the second.
template <Number kNumber>
static __device__ __forceinline__ void mma_instruction(typename WarpTypes<kNumber>::Sum (&c)[2], typename WarpTypes<kNumber>::Sum (&d)[2],
                                                       const typename WarpTypes<kNumber>::Word (&a)[4], const typename WarpTypes<kNumber>::Word (&b)[2],
                                                       u32 scale_a, u32 scale_b) {
  [[maybe_unused]] const unsigned short zero = 0;
  if constexpr (kNumber == Number::kFp64) {
#if __CUDA_ARCH__ >= 800
    ASSAY_MMA_M8N8("m8n8k4", "f64.f64.f64.f64", c, "d", "d", 0);
    ASSAY_MMA_M8N8("m8n8k4", "f64.f64.f64.f64", d, "d", "d", 1);
    ASSAY_MMA_M8N8("m8n8k4", "f64.f64.f64.f64", c, "d", "d", 2);
    ASSAY_MMA_M8N8("m8n8k4", "f64.f64.f64.f64", d, "d", "d", 3);
#endif
  } else if constexpr (kNumber == Number::kInt8) {
#if __CUDA_ARCH__ >= 800
    ASSAY_MMA_M16N8("m16n8k32", "s32.s8.s8.s32", "r");
#elif __CUDA_ARCH__ >= 750
    ASSAY_MMA_M8N8("m8n8k16", "s32.s8.s8.s32", c, "r", "r", 0);
    ASSAY_MMA_M8N8("m8n8k16", "s32.s8.s8.s32", d, "r", "r", 1);
    ASSAY_MMA_M8N8("m8n8k16", "s32.s8.s8.s32", c, "r", "r", 2);
    ASSAY_MMA_M8N8("m8n8k16", "s32.s8.s8.s32", d, "r", "r", 3);
#endif
  } else if constexpr (kNumber == Number::kInt4) {
#if __CUDA_ARCH__ >= 800 && __CUDA_ARCH__ < 900
    ASSAY_MMA_M16N8("m16n8k64", "s32.s4.s4.s32", "r");
#elif __CUDA_ARCH__ >= 750 && __CUDA_ARCH__ < 800
    ASSAY_MMA_M8N8("m8n8k32", "s32.s4.s4.s32", c, "r", "r", 0);
    ASSAY_MMA_M8N8("m8n8k32", "s32.s4.s4.s32", d, "r", "r", 1);
    ASSAY_MMA_M8N8("m8n8k32", "s32.s4.s4.s32", c, "r", "r", 2);
    ASSAY_MMA_M8N8("m8n8k32", "s32.s4.s4.s32", d, "r", "r", 3);
#endif
  } else if constexpr (kNumber == Number::kFp16) {
#if __CUDA_ARCH__ >= 800
    ASSAY_MMA_M16N8("m16n8k16", "f32.f16.f16.f32", "f");
#elif __CUDA_ARCH__ >= 750
    ASSAY_MMA_F16_K8(0);
    ASSAY_MMA_F16_K8(1);
#endif
  } else if constexpr (kNumber == Number::kTf32) {
#if __CUDA_ARCH__ >= 800
    ASSAY_MMA_M16N8("m16n8k8", "f32.tf32.tf32.f32", "f");
#endif
  } else if constexpr (kNumber == Number::kBf16) {
#if __CUDA_ARCH__ >= 800
    ASSAY_MMA_M16N8("m16n8k16", "f32.bf16.bf16.f32", "f");
#endif
  } else if constexpr (kNumber == Number::kE4m3) {
#if __CUDA_ARCH__ == 890 || __CUDA_ARCH__ >= 1200
    ASSAY_MMA_M16N8("m16n8k32", "f32.e4m3.e4m3.f32", "f");
#endif
  } else if constexpr (kNumber == Number::kE5m2) {
#if __CUDA_ARCH__ == 890 || __CUDA_ARCH__ >= 1200
    ASSAY_MMA_M16N8("m16n8k32", "f32.e5m2.e5m2.f32", "f");
#endif
  } else if constexpr (kNumber == Number::kMxfp6) {
#if ASSAY_TENSOR_SM120
    ASSAY_MMA_M16N8_SCALED("m16n8k32", "row.col.kind::mxf8f6f4.block_scale.scale_vec::1X.f32.e2m3.e3m2.f32.ue8m0");
#endif
  } else if constexpr (kNumber == Number::kMxfp4) {
#if ASSAY_TENSOR_SM120
    ASSAY_MMA_M16N8_SCALED("m16n8k64", "row.col.kind::mxf4.block_scale.scale_vec::2X.f32.e2m1.e2m1.f32.ue8m0");
#endif
  } else {
#if ASSAY_TENSOR_SM120
    ASSAY_MMA_M16N8_SCALED("m16n8k64", "row.col.kind::mxf4nvf4.block_scale.scale_vec::4X.f32.e2m1.e2m1.f32.ue4m3");
#endif
  }
}
#undef ASSAY_MMA_M16N8
#undef ASSAY_MMA_M16N8_SCALED
#undef ASSAY_MMA_M8N8
#undef ASSAY_MMA_F16_K8

// One lane of a warp; mma_step.h calls it.
template <Number kNumber>
struct MmaLane {
  using Word = typename WarpTypes<kNumber>::Word;
  using Sum = typename WarpTypes<kNumber>::Sum;
  using Scale = u32;
  u32 lane;

  // Vector `at` of an array of [..][32 lanes][kCount]: this lane's registers. In the widest loads that their alignment allows.
  template <typename T, u32 kCount>
  __device__ __forceinline__ void load(T (&to)[kCount], const u32* from, u32 at) const {
    constexpr u32 kBytes = kCount * sizeof(T);
    const char* place = reinterpret_cast<const char*>(from) + (at * kLanes + lane) * kBytes;
    if constexpr (kBytes % 16 == 0) {
      uint4 raw[kBytes / 16];
      ASSAY_TENSOR_UNROLL
      for (u32 i = 0; i < kBytes / 16; ++i) {
        raw[i] = __ldg(reinterpret_cast<const uint4*>(place) + i);
      }
      memcpy(to, raw, kBytes);
    } else {
      static_assert(kBytes % 8 == 0);
      uint2 raw[kBytes / 8];
      ASSAY_TENSOR_UNROLL
      for (u32 i = 0; i < kBytes / 8; ++i) {
        raw[i] = __ldg(reinterpret_cast<const uint2*>(place) + i);
      }
      memcpy(to, raw, kBytes);
    }
  }
  __device__ __forceinline__ void multiply(Sum (&c)[2], Sum (&d)[2], const Word (&a)[4], const Word (&b)[2], u32 scale_a, u32 scale_b) const {
    mma_instruction<kNumber>(c, d, a, b, scale_a, scale_b);
  }
  __device__ __forceinline__ void scale(Sum (&pair)[2], u32 factor) const {
    pair[0] = __fmul_rn(pair[0], __uint_as_float(factor));
    pair[1] = __fmul_rn(pair[1], __uint_as_float(factor));
  }
  __device__ __forceinline__ void store(u64* out, u32 octet, u32 tile, const Sum (&pair)[2]) const {
    const u32 at = mma_out_word(kNumber, lane, octet, tile);
    if constexpr (kNumber == Number::kFp64) {
      out[at] = static_cast<u64>(__double_as_longlong(pair[0]));
      out[at + 1] = static_cast<u64>(__double_as_longlong(pair[1]));
    } else {
      u64 word = 0;
      memcpy(&word, pair, sizeof word);
      out[at] = word;
    }
  }
};
#endif

}  // namespace assay::probes::tensor
