// SPDX-License-Identifier: Apache-2.0
// Emulators of matrix units, bit for bit: what `D = A * B + C` gives on ordinary operands, where units align, truncate and
// round in their own ways. In integers only. T1 goldens rest on this; the table of architectures is data.
//
// Fused truncating accumulation, the family of most units: in blocks of `block` elements along k, all products (exact) and
// the addend are aligned to the largest exponent among them, cut to `fraction_bits` bits behind the point of that
// exponent, added exactly, and the sum is cut or rounded to the accumulator. The exponent of a product is the sum of the
// exponents of its factors, though its significand may reach 4.
//
// Sources: MMA-Sim (Xie et al., "MMA-Sim: Bit-Accurate Reference Model of Tensor Cores and Matrix Cores", arXiv
// 2511.10909, and its published model, MIT licence) for NVIDIA and AMD; Fasi, Higham, Mikaitis, Pranesh, "Numerical
// behavior of NVIDIA tensor cores" (PeerJ CS 7:e330, 2021) for Volta to Ampere, whose published probes the tests repeat;
// DeepSeek-V3 technical report (arXiv 2412.19437, 3.3.2) for FP8 on Hopper; Intel SDM, VDPBF16PS and TDPBF16PS. VDPBF16PS
// was compared on a Zen 4 with two million random pairs, TDPBF16PS (and VDPBF16PS again) on an Intel Xeon with AMX with
// 102,400 random results each (tests/unit/probes/matrix_silicon_test.cpp does so wherever it runs). No other entry has met
// its silicon here: T1 probes are validated by quorum before they may accuse.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "probes/catalogue/narrow_float.h"
#include "probes/reference/gemm_grid.h"

namespace assay::probes::reference {

enum class Accumulation : uint8_t {
  kTruncate,     // NVIDIA: toward zero; the addend is aligned with the products
  kFloorApart,   // AMD CDNA3: products toward zero among themselves, then their sum and the addend toward -infinity
  kFmaPairs,     // VDPBF16PS: fused multiply-adds, the odd element of each pair first, to nearest even
  kOddAndEven,   // TDPBF16PS: odd and even elements in an accumulator each, both added, then the addend, to nearest even
};
enum class ResultRounding : uint8_t {
  kTowardZeroFp32,
  kTowardZeroE8m13,  // FP32 with 13 fraction bits
  kNearestEvenFp32,
};

struct MatrixUnit {
  std::string_view architecture;  // "hopper"
  std::string_view format;        // "fp16"
  NarrowFloat operand;
  Accumulation accumulation;
  int fraction_bits;              // kept of aligned addends; 0 for those that round each step
  uint32_t block;                 // elements along k that are added at once
  ResultRounding rounding;
};

// All that are known. FP8 of AMD CDNA3 has formats of its own (fnuz) and is not here; nor are integer units and FP64, which
// are exact and IEEE.
std::span<const MatrixUnit> matrix_units();
// nullptr when there is none.
const MatrixUnit* find_unit(std::string_view architecture, std::string_view format);

// c + sum of a[t] * b[t] as the unit gives it, t in order, in blocks; c and the result are bits of FP32. Sizes are equal;
// the last block may be short. Finite numbers only; what passes the largest FP32 is infinity.
uint32_t multiply_accumulate(const MatrixUnit& unit, std::span<const Fraction> a, std::span<const Fraction> b, uint32_t c);

// sum * 2^exponent as bits of FP32 in that rounding: the last stage of every unit.
uint32_t to_accumulator(int64_t sum, int exponent, ResultRounding rounding);

}  // namespace assay::probes::reference
