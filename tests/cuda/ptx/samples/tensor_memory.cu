// SPDX-License-Identifier: Apache-2.0
// tcgen05 (sm_100a) of one tile by 128 lanes, for the interpreter's own tests: `image` is shared memory byte for byte, the descriptors are the caller's, whose
// start addresses count from the image. Accumulators begin at the number of their row.
#include <cstdint>

#define ASSAY_IMAGE_BYTES 8192

extern "C" __global__ void tcgen05_f16(const uint32_t* image, uint64_t a, uint64_t b, uint32_t instruction, uint32_t* d) {
  __shared__ __align__(1024) uint32_t memory[ASSAY_IMAGE_BYTES / 4];
  __shared__ __align__(8) uint64_t barrier;
  __shared__ uint32_t allocated;
  for (uint32_t i = threadIdx.x; i < ASSAY_IMAGE_BYTES / 4; i += blockDim.x) {
    memory[i] = image[i];
  }
  const uint32_t bar = static_cast<uint32_t>(__cvta_generic_to_shared(&barrier));
  if (threadIdx.x < 32) {
    asm volatile("tcgen05.alloc.cta_group::1.sync.aligned.shared::cta.b32 [%0], 32;" ::"r"(static_cast<uint32_t>(__cvta_generic_to_shared(&allocated))) : "memory");
  }
  if (threadIdx.x == 0) {
    asm volatile("mbarrier.init.shared::cta.b64 [%0], 1;\nfence.mbarrier_init.release.cluster;" ::"r"(bar) : "memory");
  }
  asm volatile("tcgen05.fence::before_thread_sync;" ::: "memory");
  __syncthreads();
  asm volatile("tcgen05.fence::after_thread_sync;" ::: "memory");
  const uint32_t base = *static_cast<volatile uint32_t*>(&allocated);
  const uint32_t row = base + (threadIdx.x / 32 * 32 << 16);
  const uint32_t first = __float_as_uint(static_cast<float>(threadIdx.x));
  asm volatile("tcgen05.st.sync.aligned.32x32b.x8.b32 [%0], {%1,%1,%1,%1,%1,%1,%1,%1};\ntcgen05.wait::st.sync.aligned;" ::"r"(row), "r"(first) : "memory");
  asm volatile("fence.proxy.async.shared::cta;\ntcgen05.fence::before_thread_sync;" ::: "memory");
  __syncthreads();
  asm volatile("tcgen05.fence::after_thread_sync;" ::: "memory");
  if (threadIdx.x == 0) {
    const uint64_t start = static_cast<uint32_t>(__cvta_generic_to_shared(memory)) >> 4;
    asm volatile("{\n.reg .pred p;\nsetp.eq.u32 p,0,0;\ntcgen05.mma.cta_group::1.kind::f16 [%0],%1,%2,%3,p;\n}\n" ::"r"(base), "l"(a + start), "l"(b + start), "r"(instruction) : "memory");
    asm volatile("tcgen05.commit.cta_group::1.mbarrier::arrive::one.shared::cluster.b64 [%0];" ::"r"(bar) : "memory");
  }
  __syncwarp();
  asm volatile("{\n.reg .pred p;\nAGAIN:\nmbarrier.try_wait.parity.shared::cta.b64 p, [%0], 0;\n@!p bra AGAIN;\n}\n" ::"r"(bar) : "memory");
  asm volatile("tcgen05.fence::after_thread_sync;" ::: "memory");
  uint32_t v[8];
  asm volatile("tcgen05.ld.sync.aligned.32x32b.x8.b32 {%0,%1,%2,%3,%4,%5,%6,%7}, [%8];\ntcgen05.wait::ld.sync.aligned;"
               : "=r"(v[0]), "=r"(v[1]), "=r"(v[2]), "=r"(v[3]), "=r"(v[4]), "=r"(v[5]), "=r"(v[6]), "=r"(v[7])
               : "r"(row)
               : "memory");
  for (uint32_t i = 0; i < 8; ++i) {
    d[8 * threadIdx.x + i] = v[i];
  }
  asm volatile("tcgen05.fence::before_thread_sync;" ::: "memory");
  __syncthreads();
  if (threadIdx.x < 32) {
    asm volatile("tcgen05.dealloc.cta_group::1.sync.aligned.b32 %0, 32;" ::"r"(base));
  }
}
