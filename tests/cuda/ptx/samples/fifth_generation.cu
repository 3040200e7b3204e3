// SPDX-License-Identifier: Apache-2.0
// tcgen05.mma of each kind (sm_100a), one a kernel, for the names of its machine code: samples.units. Never run.
#include <cstdint>

#define ASSAY_KIND(name, kind, scales)                                                                                                    \
  extern "C" __global__ void name(uint32_t sums, uint64_t a, uint64_t b, uint32_t instruction, uint32_t keep, uint32_t scale) {           \
    if (threadIdx.x == 0) {                                                                                                               \
      asm volatile("{\n.reg .pred p;\nsetp.ne.u32 p,%4,0;\ntcgen05.mma.cta_group::1.kind::" kind " [%0],%1,%2,%3," scales "p;\n}\n" ::"r"(sums), "l"(a), \
                   "l"(b), "r"(instruction), "r"(keep), "r"(scale)                                                                        \
                   : "memory");                                                                                                           \
    }                                                                                                                                     \
  }

ASSAY_KIND(kind_f16, "f16", "")
ASSAY_KIND(kind_tf32, "tf32", "")
ASSAY_KIND(kind_f8f6f4, "f8f6f4", "")
ASSAY_KIND(kind_i8, "i8", "")
ASSAY_KIND(kind_mxf8f6f4, "mxf8f6f4.block_scale.scale_vec::1X", "[%5],[%5],")
ASSAY_KIND(kind_mxf4, "mxf4.block_scale.scale_vec::2X", "[%5],[%5],")
ASSAY_KIND(kind_mxf4nvf4, "mxf4nvf4.block_scale.scale_vec::4X", "[%5],[%5],")
