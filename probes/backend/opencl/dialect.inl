// SPDX-License-Identifier: Apache-2.0
// The dialect of device/programs (its dialect.h says what that is) in OpenCL C 1.2: a team is a work-group. No in-kernel timer exists there, so nothing
// ends by its deadline on the device; the launcher keeps launches short instead. FP64 is defined only where the device has it (capabilities.h).
#pragma OPENCL FP_CONTRACT OFF
#if !defined(cl_khr_fp64)
#define ASSAY_NO_F64
#elif !defined(ASSAY_NO_F64)
#pragma OPENCL EXTENSION cl_khr_fp64 : enable
#endif
// PoCL renames built-in functions by macros; one of them is the name of every program's step.
#undef step

#include "probes/backend/device/programs/launch.inl"

typedef int assay_i32;
typedef long assay_i64;

#define ASSAY_FN static inline
#define ASSAY_GLOBAL __global
#define ASSAY_LOCAL __local
#define ASSAY_CONSTANT(type, name, count) __constant type name[count]
#define ASSAY_UNROLL
// The body runs once, for the lane that calls.
#define ASSAY_EACH_LANE(lane, me) for (assay_u32 lane = (me), assay_once = 1; assay_once != 0; assay_once = 0)
#define ASSAY_BARRIER() barrier(CLK_LOCAL_MEM_FENCE | CLK_GLOBAL_MEM_FENCE)

#define ASSAY_ATOMIC_INC(p) atomic_inc((volatile __global assay_u32*)(p))
#define ASSAY_LOCAL_ADD(p, n) (void)atomic_add((volatile __local assay_u32*)(p), (n))
#define ASSAY_RAISE(p, n) (void)(n)
#define ASSAY_PUBLISH(p, n) assay_publish((p), (n))
#define ASSAY_REREAD(p) (*(volatile __global const assay_u64*)(p))
// What a pass over memory wrote is not to be had from a register.
#define ASSAY_LOAD_MEMORY(p) (*(volatile __global const assay_u64*)(p))
#define ASSAY_STORE_MEMORY(p, word) (*(volatile __global assay_u64*)(p) = (word))
#define ASSAY_CLOCK() 0ul
#define ASSAY_CLOCK_NS() 0ul
// OpenCL C does not say where a work-group runs: the queue that it was given to is all there is (units are sub-devices).
#define ASSAY_HARDWARE_UNIT(team) ((team)->hardware_unit)
#define ASSAY_HARDWARE_WARP() 0u
#define ASSAY_HANG() assay_hang()
#define ASSAY_TRAP() assay_trap()

// Of atomics.inl, which is offered only where the device has the extensions (capabilities.h).
#if defined(cl_khr_int64_base_atomics) && defined(cl_khr_int64_extended_atomics)
#pragma OPENCL EXTENSION cl_khr_int64_base_atomics : enable
#pragma OPENCL EXTENSION cl_khr_int64_extended_atomics : enable
#endif
#define ASSAY_WIDE(p) ((volatile __global assay_u64*)(p))
#define ASSAY_NARROW(p, k) ((volatile __global assay_u32*)(p) + (k))
#define ASSAY_ADD_U64(p, n) (void)atom_add(ASSAY_WIDE(p), (assay_u64)(n))
#define ASSAY_MIN_U64(p, n) (void)atom_min(ASSAY_WIDE(p), (assay_u64)(n))
#define ASSAY_MAX_U64(p, n) (void)atom_max(ASSAY_WIDE(p), (assay_u64)(n))
#define ASSAY_XOR_U64(p, n) (void)atom_xor(ASSAY_WIDE(p), (assay_u64)(n))
#define ASSAY_SWAP_U64(p, seen, n) atom_cmpxchg(ASSAY_WIDE(p), (assay_u64)(seen), (assay_u64)(n))
#define ASSAY_ADD_U32(p, k, n) (void)atomic_add(ASSAY_NARROW(p, k), (n))
#define ASSAY_MIN_U32(p, k, n) (void)atomic_min(ASSAY_NARROW(p, k), (n))
#define ASSAY_MAX_U32(p, k, n) (void)atomic_max(ASSAY_NARROW(p, k), (n))
#define ASSAY_XOR_U32(p, k, n) (void)atomic_xor(ASSAY_NARROW(p, k), (n))

ASSAY_FN void assay_publish(__global assay_u32* flag, assay_u32 value) {
  mem_fence(CLK_GLOBAL_MEM_FENCE);
  *(volatile __global assay_u32*)flag = value;
}
// Through a volatile word, so that no compiler may conclude that the loop ends.
ASSAY_FN void assay_hang(void) {
  volatile assay_u32 goes_on = 1;
  while (goes_on != 0) {
  }
}
// There is no trap in the language. Where a store to nowhere is let pass, the kernel never ends, and the runner is killed at its deadline.
ASSAY_FN void assay_trap(void) {
  volatile __global assay_u32* nowhere = 0;
  *nowhere = 0;
  assay_hang();
}

ASSAY_FN assay_u64 assay_mulhi_u64(assay_u64 a, assay_u64 b) { return mul_hi(a, b); }
ASSAY_FN assay_u64 assay_rotl_u64(assay_u64 word, assay_u32 places) { return rotate(word, (assay_u64)places); }
ASSAY_FN assay_u32 assay_rotl_u32(assay_u32 word, assay_u32 places) { return rotate(word, places); }

ASSAY_FN float assay_f32_of(assay_u32 bits) { return as_float(bits); }
ASSAY_FN assay_u32 assay_bits_f32(float value) { return as_uint(value); }
// Each rounded once: contraction is off above; division and square root by a build option (driver.cpp), where the device promises it.
ASSAY_FN float assay_fma_f32(float a, float b, float c) { return fma(a, b, c); }
ASSAY_FN float assay_add_f32(float a, float b) { return a + b; }
ASSAY_FN float assay_mul_f32(float a, float b) { return a * b; }
ASSAY_FN float assay_div_f32(float a, float b) { return a / b; }
ASSAY_FN float assay_sqrt_f32(float a) { return sqrt(a); }

// Of sfu_approx.inl: as the device's own instructions have it, where it has some.
#define ASSAY_APPROX_RECIPROCAL(x) native_recip(x)
#define ASSAY_APPROX_INVERSE_ROOT(x) native_rsqrt(x)
#define ASSAY_APPROX_LOG2(x) native_log2(x)
#define ASSAY_APPROX_EXP2(x) native_exp2(x)
#define ASSAY_APPROX_SIN(x) native_sin(x)
#define ASSAY_APPROX_COS(x) native_cos(x)

#if !defined(ASSAY_NO_F64)
ASSAY_FN double assay_f64_of(assay_u64 bits) { return as_double(bits); }
ASSAY_FN assay_u64 assay_bits_f64(double value) { return as_ulong(value); }
ASSAY_FN double assay_fma_f64(double a, double b, double c) { return fma(a, b, c); }
ASSAY_FN double assay_add_f64(double a, double b) { return a + b; }
ASSAY_FN double assay_mul_f64(double a, double b) { return a * b; }
ASSAY_FN double assay_div_f64(double a, double b) { return a / b; }
ASSAY_FN double assay_sqrt_f64(double a) { return sqrt(a); }
#endif
