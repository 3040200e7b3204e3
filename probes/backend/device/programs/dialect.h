// SPDX-License-Identifier: Apache-2.0
// The dialect of the programs in this folder: the part of C that g++, nvcc and OpenCL C 1.2 have in common, and names for what each writes in its own
// way. One source then runs on every accelerator, on PoCL, in the simulated device and in the tests. This header is the dialect of plain C++, where one
// thread plays all lanes of a team in turn; cuda/dialect.cuh and opencl/dialect.inl give the same names.
//
// Rules. No templates, references, classes, recursion, static data or function pointers. Functions are ASSAY_FN and named <program>_<what>. Integers
// are assay_u32, assay_u64, assay_i32 and assay_i64; floating point is float and double through the names below, never an operator on which a compiler
// may contract. Every loop bound is a constant or comes from the arguments. Braces around every branch and loop body (nvcc 13.0 drops code after an
// unbraced `if constexpr ... else` before a pragma). No name is a word of OpenCL C (half, kernel, global, ...). Pointers carry ASSAY_GLOBAL or ASSAY_LOCAL; OpenCL C 1.2 has no pointer that may be either.
//
// Lanes. A team of ASSAY_TEAM lanes runs a function together. On a device each lane calls it with its own number as `me`; in plain C++ one thread calls
// it once for all of them. So code is written in phases:
//   ASSAY_EACH_LANE(lane, me) { ... }   what lane `lane` does; on a device the body runs once, in plain C++ for every lane after the other
//   ASSAY_BARRIER();                    between phases: what all lanes wrote to memory of both kinds is there for all
// Within a phase no lane reads what another lane writes in it. No variable of a lane lives from one phase to the next: what must, goes through team
// memory; variables outside of phases are alike in all lanes. No return, break or goto out of a phase; branches around phases are taken by all lanes alike.
//
// A program computes one probe, bit for bit as its catalogue header says. Its file defines
//   ASSAY_PROGRAM       its name, a plain word; ASSAY_NAME(suffix) pastes it: <program>_<suffix>
//   ASSAY_TEAM          lanes: a multiple of 32, at most 128
//   ASSAY_STATE_WORDS   operands that steps carry on, in team memory; faults may be planted in them
//   ASSAY_SHARE_WORDS   further words of team memory, right behind the state, at the program's own disposal
//   ASSAY_PARAM_WORDS   operands that stay, in device memory
//   ASSAY_ARENA_WORDS   device memory of the team at the program's own disposal, zero at the launch; 0: none
//   ASSAY_OUT_WORDS     output of one step
//   ASSAY_STEPS         of a run
//   ASSAY_TILES         where it is not 2: tiles of outputs in device memory. As many as steps keep the outputs of a run for whoever fetches them
//   <program>_step(state, params, out, me, step), or (state, params, arena, out, me, step) where there is an arena: called as above; reads and
//                       carries on `state`, reads `params`, writes every word of `out`. A barrier is done before and after it, not inside of it.
// team_run.inl makes <program>_run of it: operands, poison, planted faults, comparison, records, digest. end_program.inl takes the names back.
//
// What else a dialect must define, beside the functions below (words.inl has what it may):
//   ASSAY_FN ASSAY_GLOBAL ASSAY_LOCAL ASSAY_CONSTANT(type, name, count)  of a function; memory of the device, of the team; a table at file scope
//   ASSAY_UNROLL                  before a loop that a compiler had better unroll
//   ASSAY_ATOMIC_INC(p)           adds one to a u32 in device memory; gives what was there
//   ASSAY_LOCAL_ADD(p, n)         adds to a u32 in team memory
//   ASSAY_RAISE(p, n)             makes a u64 in device memory at least n; nothing where there is no clock
//   ASSAY_PUBLISH(p, n)           stores a u32 in device memory after all that was written before
//   ASSAY_REREAD(p)               reads a u64 of device memory past the caches
//   ASSAY_CLOCK()                 ticks of the unit, u64; 0 where there are none
//   ASSAY_CLOCK_NS()              nanoseconds of some steady clock, u64; 0 where there is none: then nothing ends by its deadline
//   ASSAY_HARDWARE_UNIT(team)     where this lane is now, as the device numbers units; team->hardware_unit where it cannot say
//   ASSAY_HARDWARE_WARP()         of this lane within its unit; 0 where the device does not say
//   ASSAY_ADD_U64(p, n), ...      the operations of atomics.inl, which lists them
//   ASSAY_APPROX_EXP2(x), ...     the functions of sfu_approx.inl, which lists them
//   ASSAY_HANG()                  never comes back
//   ASSAY_TRAP()                  ends the launch, and the process if need be, by an error
#pragma once

#include <unistd.h>

#include <atomic>
#include <bit>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdlib>

#include "probes/backend/device/programs/launch.inl"
#include "probes/backend/device/programs/stand_ins.h"

using assay_i32 = int32_t;
using assay_i64 = int64_t;

#define ASSAY_FN static inline
#define ASSAY_GLOBAL
#define ASSAY_LOCAL
// NOLINTNEXTLINE(bugprone-macro-parentheses): a type and a name
#define ASSAY_CONSTANT(type, name, count) static constexpr type name[count]
#define ASSAY_UNROLL
// NOLINTNEXTLINE(bugprone-macro-parentheses): it declares the lane
#define ASSAY_EACH_LANE(lane, me) for (assay_u32 lane = 0 * (me); lane < ASSAY_TEAM; ++lane)
#define ASSAY_BARRIER() static_cast<void>(0)

#define ASSAY_ATOMIC_INC(p) std::atomic_ref<assay_u32>(*(p)).fetch_add(1, std::memory_order_relaxed)
#define ASSAY_LOCAL_ADD(p, n) static_cast<void>(*(p) += (n))
#define ASSAY_RAISE(p, n) assay_raise((p), (n))
#define ASSAY_PUBLISH(p, n) std::atomic_ref<assay_u32>(*(p)).store((n), std::memory_order_release)
#define ASSAY_REREAD(p) (*static_cast<const volatile assay_u64*>(p))
#define ASSAY_CLOCK() assay_clock_ns()
#define ASSAY_CLOCK_NS() assay_clock_ns()
#define ASSAY_HARDWARE_UNIT(team) ((team)->hardware_unit)
#define ASSAY_NEAREST_I64(number) static_cast<assay_i64>(std::rint(number))
#define ASSAY_NEAREST_I32(number) static_cast<assay_i32>(std::rint(number))
#define ASSAY_NEAREST_I32_OF_F32(number) static_cast<assay_i32>(std::rint(number))
#define ASSAY_HARDWARE_WARP() 0U
#define ASSAY_HANG() assay_hang()
#define ASSAY_TRAP() std::abort()

// Of atomics.inl: one thread plays all lanes, so nothing comes between.
#define ASSAY_ADD_U64(p, n) static_cast<void>(*(p) += (n))
#define ASSAY_MIN_U64(p, n) static_cast<void>(*(p) = *(p) < (n) ? *(p) : (n))
#define ASSAY_MAX_U64(p, n) static_cast<void>(*(p) = *(p) > (n) ? *(p) : (n))
#define ASSAY_XOR_U64(p, n) static_cast<void>(*(p) ^= (n))
#define ASSAY_SWAP_U64(p, seen, n) assay_swap_u64((p), (seen), (n))
#define ASSAY_ADD_U32(p, k, n) assay_put_u32((p), (k), assay_get_u32((p), (k)) + (n))
#define ASSAY_MIN_U32(p, k, n) assay_put_u32((p), (k), assay_get_u32((p), (k)) < (n) ? assay_get_u32((p), (k)) : (n))
#define ASSAY_MAX_U32(p, k, n) assay_put_u32((p), (k), assay_get_u32((p), (k)) > (n) ? assay_get_u32((p), (k)) : (n))
#define ASSAY_XOR_U32(p, k, n) assay_put_u32((p), (k), assay_get_u32((p), (k)) ^ (n))
ASSAY_FN assay_u64 assay_swap_u64(assay_u64* p, assay_u64 seen, assay_u64 value) {
  const assay_u64 found = *p;
  if (found == seen) { *p = value; }
  return found;
}
ASSAY_FN assay_u32 assay_get_u32(const assay_u64* p, assay_u32 k) { return static_cast<assay_u32>(p[k / 2] >> (32 * (k % 2))); }
ASSAY_FN void assay_put_u32(assay_u64* p, assay_u32 k, assay_u32 value) {
  const assay_u32 shift = 32 * (k % 2);
  p[k / 2] = (p[k / 2] & ~(assay_u64{0xFFFFFFFF} << shift)) | (assay_u64{value} << shift);
}

ASSAY_FN assay_u64 assay_clock_ns() {
  return static_cast<assay_u64>(std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now().time_since_epoch()).count());
}
ASSAY_FN void assay_hang() {
  for (;;) { ::pause(); }
}
ASSAY_FN void assay_raise(assay_u64* to, assay_u64 value) {
  std::atomic_ref<assay_u64> at(*to);
  assay_u64 seen = at.load(std::memory_order_relaxed);
  while (seen < value && !at.compare_exchange_weak(seen, value, std::memory_order_relaxed)) {}
}

// A CPU may have no fused multiply-add, and the C library's takes its time.
#define ASSAY_EXACT_FMA_F64(a, b, sum) ((a) * (b) + (sum))
#define ASSAY_EXACT_FMA_F32(a, b, sum) ((a) * (b) + (sum))
#define ASSAY_MIN_F64(a, b) std::fmin((a), (b))
#define ASSAY_MAX_F64(a, b) std::fmax((a), (b))
#define ASSAY_MIN_F32(a, b) std::fmin((a), (b))
#define ASSAY_MAX_F32(a, b) std::fmax((a), (b))

// The high half of a product of unsigned words.
ASSAY_FN assay_u64 assay_mulhi_u64(assay_u64 a, assay_u64 b) {
  __extension__ typedef unsigned __int128 assay_u128;
  return static_cast<assay_u64>((static_cast<assay_u128>(a) * b) >> 64);
}
// By 1 .. 63 and 1 .. 31 places.
ASSAY_FN assay_u64 assay_rotl_u64(assay_u64 word, assay_u32 places) { return (word << places) | (word >> (64 - places)); }
ASSAY_FN assay_u32 assay_rotl_u32(assay_u32 word, assay_u32 places) { return (word << places) | (word >> (32 - places)); }

ASSAY_FN double assay_f64_of(assay_u64 bits) { return std::bit_cast<double>(bits); }
ASSAY_FN float assay_f32_of(assay_u32 bits) { return std::bit_cast<float>(bits); }
ASSAY_FN assay_u64 assay_bits_f64(double value) { return std::bit_cast<assay_u64>(value); }
ASSAY_FN assay_u32 assay_bits_f32(float value) { return std::bit_cast<assay_u32>(value); }
// Each rounded once, to nearest even; denormal numbers are kept.
ASSAY_FN double assay_fma_f64(double a, double b, double c) { return std::fma(a, b, c); }
ASSAY_FN float assay_fma_f32(float a, float b, float c) { return std::fma(a, b, c); }
ASSAY_FN double assay_add_f64(double a, double b) { return a + b; }
ASSAY_FN float assay_add_f32(float a, float b) { return a + b; }
ASSAY_FN double assay_mul_f64(double a, double b) { return a * b; }
ASSAY_FN float assay_mul_f32(float a, float b) { return a * b; }
ASSAY_FN double assay_div_f64(double a, double b) { return a / b; }
ASSAY_FN float assay_div_f32(float a, float b) { return a / b; }
ASSAY_FN double assay_sqrt_f64(double a) { return std::sqrt(a); }
ASSAY_FN float assay_sqrt_f32(float a) { return std::sqrt(a); }

// Of sfu_approx.inl.
#define ASSAY_APPROX_RECIPROCAL(x) assay::probes::device::stand_in::reciprocal(x)
#define ASSAY_APPROX_INVERSE_ROOT(x) assay::probes::device::stand_in::inverse_root(x)
#define ASSAY_APPROX_LOG2(x) assay::probes::device::stand_in::log2(x)
#define ASSAY_APPROX_EXP2(x) assay::probes::device::stand_in::exp2(x)
#define ASSAY_APPROX_SIN(x) assay::probes::device::stand_in::sine(x)
#define ASSAY_APPROX_COS(x) assay::probes::device::stand_in::cosine(x)
