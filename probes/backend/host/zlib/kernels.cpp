// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/host/families.h"
#include "probes/catalogue/zlib.h"

#if ASSAY_WITH_ZLIB
#include "probes/backend/host/zlib/kernel.h"
#endif

namespace assay::probes::host {

// Empty in a build without zlib: the probe is then unsupported, and never a pass.
std::span<const KernelEntry> zlib_kernels() {
#if ASSAY_WITH_ZLIB
  static constexpr KernelEntry kEntries[] = {
      {zlib::kId, Variant::kScalar, nullptr, "byte loads and stores, string matching, tables of codes, CRC-32, as the zlib of this system does them", make_zlib},
  };
  return kEntries;
#else
  return {};
#endif
}

}  // namespace assay::probes::host
