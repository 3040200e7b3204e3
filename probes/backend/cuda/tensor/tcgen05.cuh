// SPDX-License-Identifier: Apache-2.0
// The Team of tcgen05_step.h on a device (sm_100a and sm_103a; PTX ISA, "TensorCore 5th generation family instructions"): one lane of 128. The first
// warp holds the team's tensor memory; the first lane starts the instructions and the others wait for their barrier.
#pragma once

#include "probes/backend/cuda/tensor/tcgen05_step.h"

namespace assay::probes::tensor {

#if defined(__CUDA_ARCH_FEAT_SM100_ALL) || defined(__CUDA_ARCH_FEAT_SM103_ALL)
#define ASSAY_TENSOR_SM100 1
#else
#define ASSAY_TENSOR_SM100 0
#endif

// kind::i8 is on sm_100a and not on sm_103a.
constexpr ASSAY_TENSOR_FN bool tcgen05_is_native(Number number, u32 arch, bool blackwell) {
  return blackwell && (number != Number::kInt8 || arch == 1000);
}

#if defined(__CUDACC__)
#define ASSAY_TCGEN05(kind)                                                                                             \
  asm volatile("{\n.reg .pred p;\nsetp.eq.u32 p,0,0;\ntcgen05.mma.cta_group::1.kind::" kind " [%0],%1,%2,%3,p;\n}\n"    \
               ::"r"(sums), "l"(a), "l"(b), "r"(instruction)                                                            \
               : "memory")
#define ASSAY_TCGEN05_SCALED(kind)                                                                                      \
  asm volatile("{\n.reg .pred p;\nsetp.eq.u32 p,0,0;\ntcgen05.mma.cta_group::1.kind::" kind " [%0],%1,%2,%3,[%4],[%5],p;\n}\n" \
               ::"r"(sums), "l"(a), "l"(b), "r"(instruction), "r"(scale_a), "r"(scale_b)                                \
               : "memory")

// D += A * B; addresses of tensor memory, descriptors of staged_shape.h.
template <Number kNumber>
static __device__ __forceinline__ void tcgen05_instruction_of(u32 sums, u64 a, u64 b, u32 instruction, u32 scale_a, u32 scale_b) {
#if ASSAY_TENSOR_SM100
  if constexpr (kNumber == Number::kFp16 || kNumber == Number::kBf16) {
    ASSAY_TCGEN05("f16");
  } else if constexpr (kNumber == Number::kTf32) {
    ASSAY_TCGEN05("tf32");
  } else if constexpr (kNumber == Number::kE4m3 || kNumber == Number::kE5m2) {
    ASSAY_TCGEN05("f8f6f4");
  } else if constexpr (kNumber == Number::kInt8) {
#if defined(__CUDA_ARCH_FEAT_SM100_ALL)
    ASSAY_TCGEN05("i8");
#endif
  } else if constexpr (kNumber == Number::kMxfp6) {
    ASSAY_TCGEN05_SCALED("mxf8f6f4.block_scale.scale_vec::1X");
  } else if constexpr (kNumber == Number::kMxfp4) {
    ASSAY_TCGEN05_SCALED("mxf4.block_scale.scale_vec::2X");
  } else {
    ASSAY_TCGEN05_SCALED("mxf4nvf4.block_scale.scale_vec::4X");
  }
#endif
}
#undef ASSAY_TCGEN05
#undef ASSAY_TCGEN05_SCALED

#if ASSAY_TENSOR_SM100
// 16 and 32 columns of the lane's row; the address names the first lane of its warp.
static __device__ __forceinline__ void tcgen05_store16(u32 address, const u32 (&v)[16]) {
  asm volatile(
      "tcgen05.st.sync.aligned.32x32b.x16.b32 [%0], {%1,%2,%3,%4,%5,%6,%7,%8,%9,%10,%11,%12,%13,%14,%15,%16};" ::"r"(address),
      "r"(v[0]), "r"(v[1]), "r"(v[2]), "r"(v[3]), "r"(v[4]), "r"(v[5]), "r"(v[6]), "r"(v[7]),
      "r"(v[8]), "r"(v[9]), "r"(v[10]), "r"(v[11]), "r"(v[12]), "r"(v[13]), "r"(v[14]), "r"(v[15])
      : "memory");
}
static __device__ __forceinline__ void tcgen05_load32(u32 address, u32 (&v)[32]) {
  asm volatile(
      "tcgen05.ld.sync.aligned.32x32b.x32.b32 {%0,%1,%2,%3,%4,%5,%6,%7,%8,%9,%10,%11,%12,%13,%14,%15,%16,%17,%18,%19,%20,%21,%22,%23,%24,%25,%26,%27,%28,%29,%30,%31}, [%32];"
      : "=r"(v[0]), "=r"(v[1]), "=r"(v[2]), "=r"(v[3]), "=r"(v[4]), "=r"(v[5]), "=r"(v[6]), "=r"(v[7]),
        "=r"(v[8]), "=r"(v[9]), "=r"(v[10]), "=r"(v[11]), "=r"(v[12]), "=r"(v[13]), "=r"(v[14]), "=r"(v[15]),
        "=r"(v[16]), "=r"(v[17]), "=r"(v[18]), "=r"(v[19]), "=r"(v[20]), "=r"(v[21]), "=r"(v[22]), "=r"(v[23]),
        "=r"(v[24]), "=r"(v[25]), "=r"(v[26]), "=r"(v[27]), "=r"(v[28]), "=r"(v[29]), "=r"(v[30]), "=r"(v[31])
      : "r"(address));
  asm volatile("tcgen05.wait::ld.sync.aligned;" ::: "memory");
}
static __device__ __forceinline__ void tcgen05_wait(u32 barrier, u32 phase) {
  asm volatile(
      "{\n.reg .pred p;\nAGAIN_%=:\nmbarrier.try_wait.parity.shared::cta.b64 p, [%0], %1;\n@!p bra AGAIN_%=;\n}\n" ::"r"(barrier), "r"(phase)
      : "memory");
}
#endif

// `Barrier` brings the 128 lanes of the team together.
template <Number kNumber, typename Barrier>
struct Tcgen05Lane {
  u32 lane;
  char* chunk;         // in shared memory, at a multiple of 16; behind it the barrier, then the word that the allocation writes
  u32 chunk_address;
  u32 tmem = 0;
  u32 phase = 0;

  static constexpr u32 kBarrierAt = chunk_pieces(kTcgen05Rows) * kPieceBytes;

  __device__ __forceinline__ u32 address() const { return chunk_address; }
  template <typename F>
  __device__ __forceinline__ void each_lane(const F& f) const {
    f(lane);
  }
  __device__ __forceinline__ void put(u32 piece, const u64* params, u32 from) const {
    reinterpret_cast<uint4*>(chunk)[piece] = __ldg(reinterpret_cast<const uint4*>(params) + from);
  }
  // Of this lane's warp.
  __device__ __forceinline__ u32 row_address(u32 column) const { return tmem + (lane / 32 * 32 << 16) + column; }
  __device__ __forceinline__ void synchronize() const {
#if ASSAY_TENSOR_SM100
    asm volatile("tcgen05.fence::before_thread_sync;" ::: "memory");
    Barrier::wait();
    asm volatile("tcgen05.fence::after_thread_sync;" ::: "memory");
#endif
  }

  __device__ __forceinline__ void open() {
#if ASSAY_TENSOR_SM100
    if (lane < 32) {
      asm volatile("tcgen05.alloc.cta_group::1.sync.aligned.shared::cta.b32 [%0], %1;" ::"r"(chunk_address + kBarrierAt + 8), "n"(kTmemColumns) : "memory");
    }
    if (lane == 0) {
      asm volatile("mbarrier.init.shared::cta.b64 [%0], 1;" ::"r"(chunk_address + kBarrierAt) : "memory");
      asm volatile("fence.mbarrier_init.release.cluster;" ::: "memory");
    }
    synchronize();
    tmem = *reinterpret_cast<const volatile u32*>(chunk + kBarrierAt + 8);
    phase = 0;
    const u32 zeros[16] = {};
    ASSAY_TENSOR_UNROLL
    for (u32 column = 0; column < kColumns; column += 16) {
      tcgen05_store16(row_address(column), zeros);
    }
    asm volatile("tcgen05.wait::st.sync.aligned;" ::: "memory");
#endif
  }
  __device__ __forceinline__ void put_scales(u32, u32 column, const u32 (&words)[16]) const {
#if ASSAY_TENSOR_SM100
    tcgen05_store16(row_address(column), words);
    asm volatile("tcgen05.wait::st.sync.aligned;" ::: "memory");
#endif
  }
  __device__ __forceinline__ void publish() const {
#if ASSAY_TENSOR_SM100
    asm volatile("fence.proxy.async.shared::cta;" ::: "memory");
    synchronize();
#endif
  }
  __device__ __forceinline__ void multiply(u64 a, u64 b, u32 instruction, u32 scale_a, u32 scale_b) const {
    if (lane == 0) {
      tcgen05_instruction_of<kNumber>(tmem, a, b, instruction, tmem + scale_a, tmem + scale_b);
    }
  }
  // All instructions so far are complete, and shared memory may be written again.
  __device__ __forceinline__ void finish() {
#if ASSAY_TENSOR_SM100
    if (lane == 0) {
      asm volatile("tcgen05.commit.cta_group::1.mbarrier::arrive::one.shared::cluster.b64 [%0];" ::"r"(chunk_address + kBarrierAt) : "memory");
    }
    __syncwarp();
    tcgen05_wait(chunk_address + kBarrierAt, phase);
    phase ^= 1;
    asm volatile("tcgen05.fence::after_thread_sync;" ::: "memory");
#endif
  }
  __device__ __forceinline__ void read(u32, u32 column, u32 (&sums)[32]) const {
#if ASSAY_TENSOR_SM100
    tcgen05_load32(row_address(column), sums);
#endif
  }
  __device__ __forceinline__ u32 scale(u32 sum, u32 factor) const { return __float_as_uint(__fmul_rn(__uint_as_float(sum), __uint_as_float(factor))); }
  __device__ __forceinline__ void close() const {
#if ASSAY_TENSOR_SM100
    synchronize();
    if (lane < 32) {
      asm volatile("tcgen05.dealloc.cta_group::1.sync.aligned.b32 %0, %1;" ::"r"(tmem), "n"(kTmemColumns));
    }
    if (lane == 0) {
      asm volatile("mbarrier.inval.shared::cta.b64 [%0];" ::"r"(chunk_address + kBarrierAt) : "memory");
    }
    __syncwarp();
#endif
  }
};
#endif

}  // namespace assay::probes::tensor
