// SPDX-License-Identifier: Apache-2.0
// One matrix instruction a kernel, for the interpreter's own tests: lane l takes its registers of A, B, C at [l * count] and writes those of D.
#include <cstdint>

#define ASSAY_SAMPLE(name, instruction, a_count, b_count, ...)                                                    \
  extern "C" __global__ void name(const uint32_t* a, const uint32_t* b, const uint32_t* c, uint32_t* d) {         \
    a += threadIdx.x * a_count, b += threadIdx.x * b_count, c += threadIdx.x * 4, d += threadIdx.x * 4;           \
    asm volatile(instruction : "=r"(d[0]), "=r"(d[1]), "=r"(d[2]), "=r"(d[3]) : __VA_ARGS__);                     \
  }
#define ASSAY_FOUR "{%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%10,%11,%12,%13};"
#define ASSAY_REGISTERS "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]), "r"(c[0]), "r"(c[1]), "r"(c[2]), "r"(c[3])
// The same with accumulators in registers of floating point.
#define ASSAY_FLOAT_SAMPLE(name, instruction)                                                                     \
  extern "C" __global__ void name(const uint32_t* a, const uint32_t* b, const float* c, float* d) {               \
    a += threadIdx.x * 4, b += threadIdx.x * 2, c += threadIdx.x * 4, d += threadIdx.x * 4;                       \
    asm volatile(instruction ASSAY_FOUR : "=f"(d[0]), "=f"(d[1]), "=f"(d[2]), "=f"(d[3])                          \
                 : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]), "f"(c[0]), "f"(c[1]), "f"(c[2]), "f"(c[3])); \
  }

ASSAY_FLOAT_SAMPLE(mma_f16, "mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32 ")
ASSAY_FLOAT_SAMPLE(mma_bf16, "mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 ")
ASSAY_FLOAT_SAMPLE(mma_tf32, "mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32 ")
ASSAY_SAMPLE(mma_s8, "mma.sync.aligned.m16n8k32.row.col.s32.s8.s8.s32 " ASSAY_FOUR, 4, 2, ASSAY_REGISTERS)
ASSAY_SAMPLE(mma_s4, "mma.sync.aligned.m16n8k64.row.col.s32.s4.s4.s32 " ASSAY_FOUR, 4, 2, ASSAY_REGISTERS)
#if __CUDA_ARCH__ >= 890
ASSAY_FLOAT_SAMPLE(mma_e4m3, "mma.sync.aligned.m16n8k32.row.col.f32.e4m3.e4m3.f32 ")
ASSAY_FLOAT_SAMPLE(mma_e5m2, "mma.sync.aligned.m16n8k32.row.col.f32.e5m2.e5m2.f32 ")
#endif

extern "C" __global__ void mma_f64(const double* a, const double* b, const double* c, double* d) {
  const uint32_t i = threadIdx.x;
  asm volatile("mma.sync.aligned.m8n8k4.row.col.f64.f64.f64.f64 {%0,%1}, {%2}, {%3}, {%4,%5};"
               : "=d"(d[2 * i]), "=d"(d[2 * i + 1])
               : "d"(a[i]), "d"(b[i]), "d"(c[2 * i]), "d"(c[2 * i + 1]));
}

// 8x8 tiles through shared memory, straight and transposed: a of 4 x 64 halves, d of 2 x 4 words a lane.
extern "C" __global__ void load_matrix(const uint32_t* a, uint32_t* d) {
  __shared__ __align__(16) uint32_t tile[128];
  const uint32_t i = threadIdx.x;
  for (uint32_t word = i; word < 128; word += 32) {
    tile[word] = a[word];
  }
  __syncthreads();
  const uint32_t row = static_cast<uint32_t>(__cvta_generic_to_shared(tile + 4 * i));
  uint32_t* out = d + 8 * i;
  asm volatile("ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0,%1,%2,%3}, [%4];" : "=r"(out[0]), "=r"(out[1]), "=r"(out[2]), "=r"(out[3]) : "r"(row));
  asm volatile("ldmatrix.sync.aligned.m8n8.x4.trans.shared.b16 {%0,%1,%2,%3}, [%4];" : "=r"(out[4]), "=r"(out[5]), "=r"(out[6]), "=r"(out[7]) : "r"(row));
}
