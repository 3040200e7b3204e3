// SPDX-License-Identifier: Apache-2.0
// Block-scaled mma.sync (sm_120a), one a kernel, for the interpreter's own tests: lane l takes its registers of A, B, C and its words of scales. The scales
// are in other bytes and lanes than the product's programs take, where the instruction has a choice.
#include <cstdint>

#define ASSAY_SCALED(name, instruction, byte, pair, thread)                                                                          \
  extern "C" __global__ void name(const uint32_t* a, const uint32_t* b, const float* c, const uint32_t* scale_a, const uint32_t* scale_b, float* d) { \
    const uint32_t i = threadIdx.x;                                                                                                  \
    a += 4 * i, b += 2 * i, c += 4 * i, d += 4 * i;                                                                                  \
    asm volatile("mma.sync.aligned." instruction " {%0,%1,%2,%3},{%4,%5,%6,%7},{%8,%9},{%10,%11,%12,%13},{%14},{%16,%17},{%15},{%16,%18};" \
                 : "=f"(d[0]), "=f"(d[1]), "=f"(d[2]), "=f"(d[3])                                                                    \
                 : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]), "f"(c[0]), "f"(c[1]), "f"(c[2]), "f"(c[3]),     \
                   "r"(scale_a[i]), "r"(scale_b[i]), "n"(byte), "n"(pair), "n"(thread));                                             \
  }

ASSAY_SCALED(mxfp6, "m16n8k32.row.col.kind::mxf8f6f4.block_scale.scale_vec::1X.f32.e2m3.e3m2.f32.ue8m0", 3, 1, 2)
ASSAY_SCALED(mxfp4, "m16n8k64.row.col.kind::mxf4.block_scale.scale_vec::2X.f32.e2m1.e2m1.f32.ue8m0", 2, 0, 3)
ASSAY_SCALED(nvfp4, "m16n8k64.row.col.kind::mxf4nvf4.block_scale.scale_vec::4X.f32.e2m1.e2m1.f32.ue4m3", 0, 1, 1)
