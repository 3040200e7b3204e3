// SPDX-License-Identifier: Apache-2.0
// Barriers, votes and special registers of several blocks, and kernels that go wrong in ways the interpreter must tell.
#include <cstdint>

extern __shared__ uint32_t room[];

extern "C" __global__ void together(uint32_t* out) {
  const uint32_t i = threadIdx.x;
  uint32_t smid = 0, nsmid = 0, any = 0;
  asm volatile("mov.u32 %0, %%smid;" : "=r"(smid));
  asm volatile("mov.u32 %0, %%nsmid;" : "=r"(nsmid));
  asm volatile("{ .reg .pred p, q; setp.eq.u32 p, %1, 40; barrier.red.or.pred q, 1, 64, p; selp.u32 %0, 1, 0, q; }" : "=r"(any) : "r"(i) : "memory");
  room[63 - i] = i;
  asm volatile("barrier.sync %0, %1;" ::"r"(2u), "n"(64) : "memory");
  uint32_t sum = room[i];
  sum = __reduce_add_sync(0xFFFFFFFFu, sum);
  __syncthreads();
  if (i % 32 == 0) {
    room[64 + i / 32] = sum;
  }
  __syncthreads();
  const uint32_t ballot = __ballot_sync(0xFFFFFFFFu, i & 1);
  uint32_t half = 0;
  if (i % 32 < 16) {  // a part of the warp talks among itself
    half = i % 16;
    for (int step = 8; step > 0; step /= 2) {
      half += __shfl_down_sync(0x0000FFFFu, half, step, 16);
    }
  }
  if (i == 0) {
    out += 8 * blockIdx.x;
    out[0] = smid;
    out[1] = nsmid;
    out[2] = any;
    out[3] = room[64] + room[65];
    out[4] = room[1];
    out[5] = __popc(__match_any_sync(1u, i) * 127u);
    out[6] = ballot;
    out[7] = half;
  }
}

extern "C" __global__ void writes_outside(uint32_t* out) { out[16 + threadIdx.x] = 1; }
extern "C" __global__ void stops(uint32_t* out) {
  if (threadIdx.x == 33) {
    __trap();
  }
  out[0] = 1;
}
extern "C" __global__ void unaligned(uint32_t* out) { *reinterpret_cast<volatile uint64_t*>(out + 1) = 1; }
extern "C" __global__ void far_away(uint32_t* out) { out[1 << 28] = 1; }
extern "C" __global__ void never_meets(uint32_t* out) {
  if (threadIdx.x < 32) {
    asm volatile("barrier.sync 1, 64;" ::: "memory");
  }
  out[0] = 1;
}
extern "C" __global__ void spins(uint32_t* out) {
  while (*static_cast<volatile uint32_t*>(out) == 0) {
  }
}

// Two blocks of a cluster read each other's shared memory. Lanes that have ended need not come to the barrier.
extern "C" __global__ void exchange(uint32_t* out) {
  __shared__ uint32_t word;
  uint32_t rank = 0, other = 0, got = 0;
  asm volatile("mov.u32 %0, %%cluster_ctarank;" : "=r"(rank));
  if (threadIdx.x >= 48) {
    return;
  }
  if (threadIdx.x == 0) {
    word = 100 + blockIdx.x;
  }
  asm volatile("barrier.cluster.arrive.aligned;\nbarrier.cluster.wait.aligned;" ::: "memory");
  asm volatile("mapa.shared::cluster.u32 %0, %1, %2;" : "=r"(other) : "r"(static_cast<uint32_t>(__cvta_generic_to_shared(&word))), "r"(rank ^ 1));
  asm volatile("ld.shared::cluster.u32 %0, [%1];" : "=r"(got) : "r"(other) : "memory");
  asm volatile("barrier.cluster.arrive.aligned;\nbarrier.cluster.wait.aligned;" ::: "memory");
  if (threadIdx.x == 0) {
    asm volatile("st.shared::cluster.u32 [%0], %1;" ::"r"(other), "r"(got * 10) : "memory");
  }
  asm volatile("barrier.cluster.arrive.aligned;\nbarrier.cluster.wait.aligned;" ::: "memory");
  if (threadIdx.x == 0) {
    out[2 * blockIdx.x] = got;
    out[2 * blockIdx.x + 1] = word;
  }
}
