// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/host/fp_environment.h"

#include <cfenv>
#include <cstdint>

#if defined(__x86_64__)
#include <xmmintrin.h>
#endif

namespace assay::probes::host {

bool set_fp_environment() {
  if (std::fesetenv(FE_DFL_ENV) != 0) return false;
#if defined(__x86_64__)
  // Intel SDM vol. 1, 10.2.3: all exceptions masked, round to nearest, FTZ (bit 15) and DAZ (bit 6) clear.
  constexpr unsigned kDefault = 0x1F80;
  constexpr unsigned kStickyFlags = 0x3F;
  _mm_setcsr(kDefault);
  if ((_mm_getcsr() & ~kStickyFlags) != kDefault) return false;
  // Vol. 1, 8.1.5: the x87 unit after FINIT, 64-bit significands, round to nearest, all exceptions masked.
  constexpr uint16_t kX87Default = 0x037F;
  uint16_t control = kX87Default;
  __asm__ volatile("fldcw %0" : : "m"(control));
  control = 0;
  __asm__ volatile("fnstcw %0" : "=m"(control));
  if (control != kX87Default) return false;
#elif defined(__aarch64__)
  // Arm ARM, FPCR: zero is round to nearest, no flush to zero, no default NaN, no traps.
  uint64_t control = 0;
  __asm__ volatile("msr fpcr, %0" : : "r"(control));
  __asm__ volatile("mrs %0, fpcr" : "=r"(control));
  if (control != 0) return false;
#endif
  return std::fegetround() == FE_TONEAREST;
}

}  // namespace assay::probes::host
