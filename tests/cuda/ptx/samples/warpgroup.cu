// SPDX-License-Identifier: Apache-2.0
// wgmma (sm_90a) of one tile, for the interpreter's own tests: `image` is shared memory byte for byte, the descriptors are the caller's, whose start
// addresses count from the image.
#include <cstdint>

#define ASSAY_IMAGE_BYTES 8192

extern "C" __global__ void wgmma_f16(const uint32_t* image, uint64_t a, uint64_t b, uint32_t keep, float* d) {
  __shared__ __align__(1024) uint32_t memory[ASSAY_IMAGE_BYTES / 4];
  for (uint32_t i = threadIdx.x; i < ASSAY_IMAGE_BYTES / 4; i += blockDim.x) {
    memory[i] = image[i];
  }
  __syncthreads();
  const uint64_t start = static_cast<uint32_t>(__cvta_generic_to_shared(memory)) >> 4;
  float s[4] = {1, 2, 3, 4};
  asm volatile(
      "{\n.reg .pred p;\nsetp.ne.u32 p,%6,0;\nfence.proxy.async.shared::cta;\nwgmma.fence.sync.aligned;\n"
      "wgmma.mma_async.sync.aligned.m64n8k16.f32.f16.f16 {%0,%1,%2,%3},%4,%5,p,1,1,0,0;\n"
      "wgmma.commit_group.sync.aligned;\nwgmma.wait_group.sync.aligned 0;\n}\n"
      : "+f"(s[0]), "+f"(s[1]), "+f"(s[2]), "+f"(s[3])
      : "l"(a + start), "l"(b + start), "r"(keep)
      : "memory");
  for (uint32_t i = 0; i < 4; ++i) {
    d[4 * threadIdx.x + i] = s[i];
  }
}
