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
  bool neon = false;     // Advanced SIMD, always on aarch64
  bool arm_crc = false;  // CRC32C instructions
  bool arm_aes = false;  // AESE and AESMC
};

// The same answer on every call; thread-safe.
const CpuFeatures& cpu_features();

}  // namespace assay::probes::host
