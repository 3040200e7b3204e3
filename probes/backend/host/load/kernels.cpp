// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/host/cpu_features.h"
#include "probes/backend/host/load/heavy.h"

namespace assay::probes::host {

HeavyBurst heaviest_burst() {
#if defined(__x86_64__)
  if (cpu_features().avx512) return heavy_avx512;
  if (cpu_features().avx2) return heavy_avx2;
#elif defined(__aarch64__)
  if (cpu_features().neon) return heavy_neon;
#endif
  return heavy_scalar;
}

}  // namespace assay::probes::host
