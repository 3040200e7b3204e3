// SPDX-License-Identifier: Apache-2.0
// What the programs of NVIDIA's matrix units multiply, and how their operands stand in memory: numbers only, alike for host and device. The host lays
// operands out (layout.h), the kernels read them (mma_step.h, staged_step.h), the tests run those steps over exact models of the instructions.
//
// A is m x k, B k x n; m = 64 (FP64: 48), n = 96, k = 512, as in probes/catalogue/gemm.h, gemm_grid.h and gemm_random.h. Step s adds up, over turns u,
// A[i][(t + shift (turns s + u)) mod k] * B[t][j].
#pragma once

#include <cstdint>

#if defined(__CUDACC__)
#define ASSAY_TENSOR_FN __host__ __device__ __forceinline__
#else
#define ASSAY_TENSOR_FN inline
#endif
#if defined(__CUDA_ARCH__)
#define ASSAY_TENSOR_UNROLL _Pragma("unroll")
#define ASSAY_TENSOR_ROLLED _Pragma("unroll 1")
#else
#define ASSAY_TENSOR_UNROLL
#define ASSAY_TENSOR_ROLLED
#endif

namespace assay::probes::tensor {

using u32 = uint32_t;
using u64 = uint64_t;

enum class Number : u32 { kFp64, kTf32, kFp16, kBf16, kE4m3, kE5m2, kInt8, kInt4, kMxfp6, kMxfp4, kNvfp4 };
enum class Unit : u32 { kMma, kWgmma, kTcgen05 };

// One program: a unit of the chip on one probe.
struct Product {
  Unit unit;
  Number number;
  u32 steps;
  u32 turns;
  u32 shift;  // of A along k from one product to the next, in elements
};

inline constexpr u32 kDepth = 512;    // k
inline constexpr u32 kColumns = 96;   // n
inline constexpr u32 kLanes = 32;     // of a warp
inline constexpr u32 kTeam = 128;     // lanes that wgmma and tcgen05 want: four warps, aligned
inline constexpr u32 kOctave = 8;     // elements that shift together at least

constexpr ASSAY_TENSOR_FN u32 rows_of(Number number) { return number == Number::kFp64 ? 48 : 64; }
// Bits of one element as registers of mma.sync hold it: six-bit formats in the low end of a byte (PTX ISA, "Alternate floating-point formats").
constexpr ASSAY_TENSOR_FN u32 bits_of(Number number) {
  switch (number) {
    case Number::kFp64:
      return 64;
    case Number::kTf32:
      return 32;
    case Number::kFp16:
    case Number::kBf16:
      return 16;
    case Number::kInt4:
    case Number::kMxfp4:
    case Number::kNvfp4:
      return 4;
    default:
      return 8;
  }
}
constexpr ASSAY_TENSOR_FN bool is_scaled(Number number) { return number == Number::kMxfp6 || number == Number::kMxfp4 || number == Number::kNvfp4; }
constexpr ASSAY_TENSOR_FN bool is_integer(Number number) { return number == Number::kInt8 || number == Number::kInt4; }
// Integer probes shift A by 8 elements, less than one instruction takes along k. Their order along k is then such that element e of a word comes from
// one of so many octaves far apart, and shifting by an octave is moving on by one word; the sum of integers is the same in any order.
constexpr ASSAY_TENSOR_FN u32 spread_of(Number number) { return number == Number::kInt8 ? 2 : number == Number::kInt4 ? 4 : 1; }

// Words of 64 bits of one step's output: two FP32 or INT32, or one FP64.
constexpr ASSAY_TENSOR_FN u32 out_words(Number number) { return rows_of(number) * kColumns / (number == Number::kFp64 ? 1 : 2); }

// Slabs: what the lanes of a warp hold of a line in one register (FP64: in a pair) each, four lanes a line. mma.sync takes one or two.
struct Slabs {
  static constexpr ASSAY_TENSOR_FN u32 word_elements(Number number) { return number == Number::kFp64 ? 1 : 32 / bits_of(number); }
  static constexpr ASSAY_TENSOR_FN u32 elements(Number number) { return 4 * word_elements(number); }
  static constexpr ASSAY_TENSOR_FN u32 of_b(Number number) { return kDepth / elements(number); }
  // Of A, a word for every octave with which it can begin; a power of two.
  static constexpr ASSAY_TENSOR_FN u32 of_a(Number number) { return of_b(number) * spread_of(number); }
  // How many of A a shift by so many elements is.
  static constexpr ASSAY_TENSOR_FN u32 shift(Number number, u32 shifted) {
    return shifted / (spread_of(number) == 1 ? elements(number) : kOctave);
  }
  // Where element e of the word of slab q that lane `quad` of the line's four holds stands along k.
  static constexpr ASSAY_TENSOR_FN u32 depth(Number number, u32 q, u32 quad, u32 e) {
    const u32 spread = spread_of(number);
    const u32 n = word_elements(number);
    if (spread == 1) {
      return q * 4 * n + quad * n + e;
    }
    const u32 part = n / spread;
    const u32 octaves = kDepth / kOctave;
    return (q + octaves / spread * (e / part)) % octaves * kOctave + quad * part + e % part;
  }
};

// Columns: 16 bytes along k of one line, as the core matrices of wgmma and tcgen05 have them (PTX ISA, "Shared memory matrix layout").
struct Columns {
  static constexpr ASSAY_TENSOR_FN u32 elements(Number number) { return 128 / bits_of(number); }
  // In shared memory six-bit formats stand 16 in 12 bytes, then four unused (PTX ISA, "Packing formats of tcgen05.mma").
  static constexpr ASSAY_TENSOR_FN u32 element_bits(Number number) { return number == Number::kMxfp6 ? 6 : bits_of(number); }
  static constexpr ASSAY_TENSOR_FN u32 of_b(Number number) { return kDepth / elements(number); }
  static constexpr ASSAY_TENSOR_FN u32 of_a(Number number) { return of_b(number) * spread_of(number); }
  // How many of A a shift by so many elements is.
  static constexpr ASSAY_TENSOR_FN u32 shift(Number number, u32 shifted) {
    return shifted / (spread_of(number) == 1 ? elements(number) : kOctave);
  }
  static constexpr ASSAY_TENSOR_FN u32 depth(Number number, u32 q, u32 e) {
    const u32 spread = spread_of(number);
    const u32 n = elements(number);
    if (spread == 1) {
      return q * n + e;
    }
    const u32 part = n / spread;
    const u32 octaves = kDepth / kOctave;
    return (q + octaves / spread * (e / part)) % octaves * kOctave + e % part;
  }
};

// Block scales: one word for each line and 64 elements along k. Blocks of 32 are there twice, so that an instruction may take bytes 0 and 1 or 2 and 3.
inline constexpr u32 kScaleDepth = 64;
inline constexpr u32 kScaleGroups = kDepth / kScaleDepth;

}  // namespace assay::probes::tensor
