// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/host/cpu_features.h"

#if defined(__aarch64__)
#include <asm/hwcap.h>
#include <sys/auxv.h>
#endif

namespace assay::probes::host {
namespace {

CpuFeatures detect() {
  CpuFeatures found;
#if defined(__x86_64__)
  // __builtin_cpu_supports also checks that the operating system saves the wide registers.
  __builtin_cpu_init();
  found.avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  found.avx512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                 __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
  found.sse42 = __builtin_cpu_supports("sse4.2");
  found.aes = __builtin_cpu_supports("aes") && __builtin_cpu_supports("sse4.1");
  found.vaes512 = found.avx512 && found.aes && __builtin_cpu_supports("vaes");
#elif defined(__aarch64__)
  const unsigned long bits = ::getauxval(AT_HWCAP);
  found.neon = (bits & HWCAP_ASIMD) != 0;
  found.arm_crc = (bits & HWCAP_CRC32) != 0;
  found.arm_aes = (bits & HWCAP_AES) != 0;
#endif
  return found;
}

}  // namespace

const CpuFeatures& cpu_features() {
  static const CpuFeatures kFound = detect();
  return kFound;
}

}  // namespace assay::probes::host
