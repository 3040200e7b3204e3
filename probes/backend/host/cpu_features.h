// SPDX-License-Identifier: Apache-2.0
// What the CPU (and the operating system, which must save the registers) can do. Read from CPUID and XGETBV, or from
// the auxiliary vector on Arm.
#pragma once

namespace assay::probes::host {

struct CpuFeatures {
  bool avx2 = false;     // with FMA
  bool avx512 = false;   // F, BW, DQ and VL
  bool sse42 = false;    // CRC32 instruction
  bool aes = false;      // AES-NI
  bool vaes512 = false;  // VAES on 512-bit registers
  bool popcnt = false;
  bool bmi2 = false;            // with BMI1, LZCNT and POPCNT
  bool pclmul = false;          // carry-less multiplication, 128-bit
  bool vpclmul512 = false;      // on 512-bit registers
  bool sha = false;             // SHA-NI, with SSE4.1
  bool f16c = false;            // conversions of FP16, with AVX2
  bool avx512_vbmi = false;     // byte permutes: VBMI and VBMI2
  bool avx512_bitalg = false;   // BITALG and VPOPCNTDQ
  bool avx512_bytes = false;    // VBMI, VBMI2 and BITALG
  bool avx512_count = false;    // VPOPCNTDQ and CD: population and leading zeros of words
  bool avx512_ifma = false;     // 52-bit multiply-add
  bool avx512_vnni = false;
  bool avx512_bf16 = false;
  bool avx512_fp16 = false;
  bool amx_int8 = false;        // with the permission of the kernel to use tile registers
  bool amx_bf16 = false;        // likewise
  bool neon = false;     // Advanced SIMD, always on aarch64
  bool arm_crc = false;  // CRC32C instructions
  bool arm_aes = false;  // AESE and AESMC
};

// The same answer on every call; thread-safe.
const CpuFeatures& cpu_features();

}  // namespace assay::probes::host
