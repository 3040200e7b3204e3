// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/host/cpu_features.h"

#if defined(__x86_64__)
#include <cpuid.h>
#include <sys/syscall.h>
#include <unistd.h>
#elif defined(__aarch64__)
#include <asm/hwcap.h>
#include <sys/auxv.h>
#endif

namespace assay::probes::host {
namespace {

#if defined(__x86_64__)
// Leaf 7 of CPUID, EDX of subleaf 0 (Intel SDM, "CPUID"): what __builtin_cpu_supports of g++ 12 does not know by name.
constexpr unsigned kShaBit = 1U << 29;  // this one of EBX
constexpr unsigned kAmxBf16Bit = 1U << 22;
constexpr unsigned kAvx512Fp16Bit = 1U << 23;
constexpr unsigned kAmxTileBit = 1U << 24;
constexpr unsigned kAmxInt8Bit = 1U << 25;

struct LeafSeven {
  unsigned ebx = 0;
  unsigned edx = 0;
};
LeafSeven leaf_seven() {
  LeafSeven leaf;
  unsigned eax = 0;
  unsigned ecx = 0;
  if (__get_cpuid_count(7, 0, &eax, &leaf.ebx, &ecx, &leaf.edx) == 0) return {};
  return leaf;
}

// Linux keeps tile registers from a process that has not asked for them (Documentation/arch/x86/xstate.rst).
bool may_use_tiles() {
  constexpr long kRequestPermission = 0x1023;  // ARCH_REQ_XCOMP_PERM
  constexpr long kTileData = 18;               // XFEATURE_XTILEDATA
  return ::syscall(SYS_arch_prctl, kRequestPermission, kTileData) == 0;
}

void detect_extensions(CpuFeatures& found) {
  found.popcnt = __builtin_cpu_supports("popcnt");
  found.bmi2 = __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("lzcnt") &&
               found.popcnt;
  found.pclmul = __builtin_cpu_supports("pclmul");
  found.vpclmul512 = found.avx512 && __builtin_cpu_supports("vpclmulqdq");
  found.f16c = found.avx2 && __builtin_cpu_supports("f16c");
  found.avx512_vbmi = found.avx512 && __builtin_cpu_supports("avx512vbmi") && __builtin_cpu_supports("avx512vbmi2");
  found.avx512_bitalg = found.avx512 && __builtin_cpu_supports("avx512bitalg") && __builtin_cpu_supports("avx512vpopcntdq");
  found.avx512_bytes = found.avx512_vbmi && found.avx512_bitalg;
  found.avx512_count = found.avx512 && __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("avx512vpopcntdq");
  found.avx512_ifma = found.avx512 && __builtin_cpu_supports("avx512ifma");
  found.avx512_vnni = found.avx512 && __builtin_cpu_supports("avx512vnni");
  found.avx512_bf16 = found.avx512 && __builtin_cpu_supports("avx512bf16");
  const LeafSeven leaf = leaf_seven();
  found.sha = (leaf.ebx & kShaBit) != 0 && __builtin_cpu_supports("sse4.1");
  found.avx512_fp16 = found.avx512 && (leaf.edx & kAvx512Fp16Bit) != 0;
  if (found.avx512 && (leaf.edx & kAmxTileBit) != 0 && may_use_tiles()) {
    found.amx_int8 = (leaf.edx & kAmxInt8Bit) != 0;
    found.amx_bf16 = (leaf.edx & kAmxBf16Bit) != 0;
  }
}
#endif

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
  detect_extensions(found);
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
