// SPDX-License-Identifier: Apache-2.0
// One load of device memory a kernel, by how far it goes, for the names of its machine code: samples.units.
#define ASSAY_LOAD(name, instruction)                                                                     \
  extern "C" __global__ void name(const unsigned long long* from, unsigned long long* to) {               \
    unsigned long long value;                                                                             \
    asm volatile(instruction ".u64 %0, [%1];" : "=l"(value) : "l"(from) : "memory");                      \
    *to = value;                                                                                          \
  }

ASSAY_LOAD(load_plain, "ld.global")
ASSAY_LOAD(load_ca, "ld.global.ca")
ASSAY_LOAD(load_nc, "ld.global.nc")
ASSAY_LOAD(load_cg, "ld.global.cg")
ASSAY_LOAD(load_relaxed, "ld.relaxed.gpu.global")
ASSAY_LOAD(load_cv, "ld.global.cv")
ASSAY_LOAD(load_volatile, "ld.volatile.global")
