// SPDX-License-Identifier: Apache-2.0
// The dialect of the programs in this folder: the part of C that g++, nvcc and OpenCL C 1.2 have in common, and names for what each writes in its own
// way. One source then runs on every accelerator, on PoCL, in the simulated device and in the tests. This header is the dialect of plain C++, where a
// team is run lane by lane (phase.h of the simulated device); cuda/dialect.cuh and opencl/dialect.h give the same names.
//
// Rules. No templates, references, classes, recursion, static data or function pointers. Functions are ASSAY_FN and named <program>_<what>. Integers
// are assay_u32, assay_u64, assay_i32 and assay_i64; floating point is float and double through the names below, never an operator on which a compiler
// may contract. Every loop bound is a constant or comes from the arguments. Braces around every branch and loop body (nvcc 13.0 drops code after an
// unbraced `if constexpr ... else` before a pragma).
//
// A program computes one probe, bit for bit as its catalogue header says, by a team of ASSAY_TEAM lanes (32 unless the program's file says otherwise):
//   <program>_step(state, params, out, lane, step)   all lanes call it; reads and carries on `state` (team memory), reads `params`, and writes
//                                                    every word of `out` of that step. Ends with its writes visible to the team.
// ASSAY_STATE_WORDS, ASSAY_PARAM_WORDS, ASSAY_OUT_WORDS and ASSAY_STEPS of it are defined by its file. team_run.inl makes the kernel around it:
// operands, poison, planted faults, comparison, records, digest.
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>

#include "probes/backend/device/programs/launch.inl"

using assay_i32 = int32_t;
using assay_i64 = int64_t;

#define ASSAY_FN static inline
#define ASSAY_GLOBAL                      // memory of the device
#define ASSAY_LOCAL                       // memory of the team
#define ASSAY_BARRIER()                   // all lanes of the team; memory of both kinds
#define ASSAY_UNROLL

ASSAY_FN assay_u64 assay_mulhi_u64(assay_u64 a, assay_u64 b) { return static_cast<assay_u64>((static_cast<unsigned __int128>(a) * b) >> 64); }
ASSAY_FN double assay_f64_of(assay_u64 bits) { return std::bit_cast<double>(bits); }
ASSAY_FN float assay_f32_of(assay_u32 bits) { return std::bit_cast<float>(bits); }
ASSAY_FN assay_u64 assay_bits_f64(double value) { return std::bit_cast<assay_u64>(value); }
ASSAY_FN assay_u32 assay_bits_f32(float value) { return std::bit_cast<assay_u32>(value); }
// Each rounded once, to nearest even.
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
