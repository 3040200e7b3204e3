// SPDX-License-Identifier: Apache-2.0
// The dialect of device/programs (its dialect.h says what that is) in CUDA: a team is a warp, or a group of ASSAY_TEAM lanes with a named barrier of
// its own. Arithmetic goes through intrinsics that round once, so that no option of the compiler can change a bit.
#pragma once

#include "probes/backend/cuda/arguments.inl"

typedef int assay_i32;
typedef long long assay_i64;

#define ASSAY_FN static __device__ __forceinline__
#define ASSAY_GLOBAL
#define ASSAY_LOCAL
#define ASSAY_UNROLL _Pragma("unroll")
#define ASSAY_CONSTANT(type, name, count) static __constant__ const type name[count]
// The body runs once, for the lane that calls.
#define ASSAY_EACH_LANE(lane, me) if (const assay_u32 lane = (me); true)

// Of the team this lane is in. Barrier 0 is the block's (__syncthreads).
#define ASSAY_BARRIER() assay_team_barrier<ASSAY_TEAM>()

template <unsigned kLanes>
static __device__ __forceinline__ void assay_team_barrier() {
  if constexpr (kLanes == 32) {
    __syncwarp();
  } else {
    asm volatile("barrier.sync %0, %1;" ::"r"(1u + threadIdx.x / kLanes), "n"(kLanes) : "memory");
  }
}

ASSAY_FN assay_u64 assay_mulhi_u64(assay_u64 a, assay_u64 b) { return __umul64hi(a, b); }
ASSAY_FN assay_u64 assay_rotl_u64(assay_u64 word, assay_u32 places) { return (word << places) | (word >> (64 - places)); }
ASSAY_FN assay_u32 assay_rotl_u32(assay_u32 word, assay_u32 places) { return __funnelshift_l(word, word, places); }
ASSAY_FN double assay_f64_of(assay_u64 bits) { return __longlong_as_double(static_cast<long long>(bits)); }
ASSAY_FN float assay_f32_of(assay_u32 bits) { return __uint_as_float(bits); }
ASSAY_FN assay_u64 assay_bits_f64(double value) { return static_cast<assay_u64>(__double_as_longlong(value)); }
ASSAY_FN assay_u32 assay_bits_f32(float value) { return __float_as_uint(value); }
ASSAY_FN double assay_fma_f64(double a, double b, double c) { return __fma_rn(a, b, c); }
ASSAY_FN float assay_fma_f32(float a, float b, float c) { return __fmaf_rn(a, b, c); }
ASSAY_FN double assay_add_f64(double a, double b) { return __dadd_rn(a, b); }
ASSAY_FN float assay_add_f32(float a, float b) { return __fadd_rn(a, b); }
ASSAY_FN double assay_mul_f64(double a, double b) { return __dmul_rn(a, b); }
ASSAY_FN float assay_mul_f32(float a, float b) { return __fmul_rn(a, b); }
ASSAY_FN double assay_div_f64(double a, double b) { return __ddiv_rn(a, b); }
ASSAY_FN float assay_div_f32(float a, float b) { return __fdiv_rn(a, b); }
ASSAY_FN double assay_sqrt_f64(double a) { return __dsqrt_rn(a); }
ASSAY_FN float assay_sqrt_f32(float a) { return __fsqrt_rn(a); }

// Instructions for what words.inl otherwise makes of many.
#define ASSAY_ONES_U64(word) static_cast<assay_u32>(__popcll(word))
#define ASSAY_LEADING_U64(word) static_cast<assay_u32>(__clzll(static_cast<long long>(word)))
#define ASSAY_TRAILING_U64(word) static_cast<assay_u32>(__clzll(static_cast<long long>(__brevll(word))))
#define ASSAY_NEAREST_I64(number) __double2ll_rn(number)
#define ASSAY_NEAREST_I32(number) __double2int_rn(number)
#define ASSAY_NEAREST_I32_OF_F32(number) __float2int_rn(number)
#define ASSAY_F32_OF_F16(bits16) assay_f32_of_f16(bits16)
#define ASSAY_F16_OF_F32(number) assay_f16_of_f32(number)
ASSAY_FN float assay_f32_of_f16(assay_u32 bits16) {
  float number = 0;
  asm("{ .reg .b16 h; cvt.u16.u32 h, %1; cvt.f32.f16 %0, h; }" : "=f"(number) : "r"(bits16));
  return number;
}
ASSAY_FN assay_u32 assay_f16_of_f32(float number) {
  assay_u32 bits16 = 0;
  asm("{ .reg .b16 h; cvt.rn.f16.f32 h, %1; cvt.u32.u16 %0, h; }" : "=r"(bits16) : "f"(number));
  return bits16;
}
#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 800
#define ASSAY_BF16_OF_F32(number) assay_bf16_of_f32(number)
ASSAY_FN assay_u32 assay_bf16_of_f32(float number) {
  assay_u32 bits16 = 0;
  asm("{ .reg .b16 h; cvt.rn.bf16.f32 h, %1; cvt.u32.u16 %0, h; }" : "=r"(bits16) : "f"(number));
  return bits16;
}
#endif

// The instructions of the special function unit (MUFU), for sfu_approx.inl: no argument or result of it is subnormal, so .ftz changes no bit and saves the
// scaling around them.
#define ASSAY_APPROX_RECIPROCAL(x) assay_approx_rcp(x)
#define ASSAY_APPROX_INVERSE_ROOT(x) assay_approx_rsqrt(x)
#define ASSAY_APPROX_LOG2(x) assay_approx_lg2(x)
#define ASSAY_APPROX_EXP2(x) assay_approx_ex2(x)
#define ASSAY_APPROX_SIN(x) assay_approx_sin(x)
#define ASSAY_APPROX_COS(x) assay_approx_cos(x)
#define ASSAY_APPROX_FUNCTION(name)                              \
  ASSAY_FN float assay_approx_##name(float x) {                  \
    float y = 0;                                                 \
    asm(#name ".approx.ftz.f32 %0, %1;" : "=f"(y) : "f"(x));     \
    return y;                                                    \
  }
ASSAY_APPROX_FUNCTION(rcp)
ASSAY_APPROX_FUNCTION(rsqrt)
ASSAY_APPROX_FUNCTION(lg2)
ASSAY_APPROX_FUNCTION(ex2)
ASSAY_APPROX_FUNCTION(sin)
ASSAY_APPROX_FUNCTION(cos)
#undef ASSAY_APPROX_FUNCTION

// Where this lane runs. %smid is volatile (PTX ISA, "Special Registers"): it is read anew every time.
ASSAY_FN assay_u32 assay_hardware_unit() {
  assay_u32 value = 0;
  asm volatile("mov.u32 %0, %%smid;" : "=r"(value));
  return value;
}
ASSAY_FN assay_u32 assay_hardware_unit_bound() {
  assay_u32 value = 0;
  asm volatile("mov.u32 %0, %%nsmid;" : "=r"(value));
  return value;
}
ASSAY_FN assay_u32 assay_hardware_warp() {
  assay_u32 value = 0;
  asm volatile("mov.u32 %0, %%warpid;" : "=r"(value));
  return value;
}
ASSAY_FN assay_u64 assay_clock() {
  assay_u64 value = 0;
  asm volatile("mov.u64 %0, %%clock64;" : "=l"(value));
  return value;
}
// Nanoseconds of the device's own timer; it moves in steps of up to a microsecond.
ASSAY_FN assay_u64 assay_clock_ns() {
  assay_u64 value = 0;
  asm volatile("mov.u64 %0, %%globaltimer;" : "=l"(value));
  return value;
}
// The stored word, past L1 and L2 lines that may be stale (ld.cv fetches again).
ASSAY_FN assay_u64 assay_reread(const assay_u64* address) {
  assay_u64 value = 0;
  asm volatile("ld.global.cv.u64 %0, [%1];" : "=l"(value) : "l"(address) : "memory");
  return value;
}
ASSAY_FN void assay_publish(assay_u32* flag, assay_u32 value) {
  __threadfence();
  *static_cast<volatile assay_u32*>(flag) = value;
}

// A fault shape: the lane never comes back, without spending the issue slots of others.
ASSAY_FN void assay_hang() {
  for (;;) {
    __nanosleep(1000000);
  }
}

#define ASSAY_HARDWARE_UNIT(team) assay_hardware_unit()
#define ASSAY_HARDWARE_WARP() assay_hardware_warp()
#define ASSAY_CLOCK() assay_clock()
#define ASSAY_CLOCK_NS() assay_clock_ns()
#define ASSAY_REREAD(address) assay_reread(address)
#define ASSAY_PUBLISH(flag, value) assay_publish(flag, value)
#define ASSAY_ATOMIC_INC(counter) atomicAdd(counter, 1u)
#define ASSAY_LOCAL_ADD(counter, value) atomicAdd(counter, value)
#define ASSAY_RAISE(address, value) \
  atomicMax(reinterpret_cast<unsigned long long*>(address), static_cast<unsigned long long>(value))
// Of atomics.inl. Results are at once in L2, where ld.cv looks.
#define ASSAY_WIDE(p) reinterpret_cast<unsigned long long*>(p)
#define ASSAY_ADD_U64(p, n) static_cast<void>(atomicAdd(ASSAY_WIDE(p), static_cast<unsigned long long>(n)))
#define ASSAY_MIN_U64(p, n) static_cast<void>(atomicMin(ASSAY_WIDE(p), static_cast<unsigned long long>(n)))
#define ASSAY_MAX_U64(p, n) static_cast<void>(atomicMax(ASSAY_WIDE(p), static_cast<unsigned long long>(n)))
#define ASSAY_XOR_U64(p, n) static_cast<void>(atomicXor(ASSAY_WIDE(p), static_cast<unsigned long long>(n)))
#define ASSAY_SWAP_U64(p, seen, n) \
  static_cast<assay_u64>(atomicCAS(ASSAY_WIDE(p), static_cast<unsigned long long>(seen), static_cast<unsigned long long>(n)))
#define ASSAY_ADD_U32(p, k, n) static_cast<void>(atomicAdd(reinterpret_cast<unsigned*>(p) + (k), (n)))
#define ASSAY_MIN_U32(p, k, n) static_cast<void>(atomicMin(reinterpret_cast<unsigned*>(p) + (k), (n)))
#define ASSAY_MAX_U32(p, k, n) static_cast<void>(atomicMax(reinterpret_cast<unsigned*>(p) + (k), (n)))
#define ASSAY_XOR_U32(p, k, n) static_cast<void>(atomicXor(reinterpret_cast<unsigned*>(p) + (k), (n)))
#define ASSAY_HANG() assay_hang()
#define ASSAY_TRAP() __trap()
