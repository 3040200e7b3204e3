// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/host/families.h"
#include "probes/backend/host/march/kernel.h"
#include "probes/backend/host/march/variants.h"
#include "probes/catalogue/march.h"

namespace assay::probes::host {
namespace {

template <MarchFunction kFunction, uint32_t kWordsPerVector>
std::unique_ptr<Kernel> memory(const KernelSite&) {
  return make_march(kFunction, kWordsPerVector);
}

constexpr KernelEntry kEntries[] = {
    {march::kId, Variant::kScalar, nullptr, "scalar loads and stores, L2 to memory", memory<march_scalar, 1>},
#if defined(__x86_64__)
    {march::kId, Variant::kAvx2, &CpuFeatures::avx2, "256-bit loads and streaming stores, memory", memory<march_avx2, 4>},
    {march::kId, Variant::kAvx512, &CpuFeatures::avx512, "512-bit loads and streaming stores, memory", memory<march_avx512, 8>},
#elif defined(__aarch64__)
    {march::kId, Variant::kNeon, &CpuFeatures::neon, "128-bit NEON loads and streaming stores, memory", memory<march_neon, 2>},
#endif
};

}  // namespace

std::span<const KernelEntry> march_kernels() { return kEntries; }

}  // namespace assay::probes::host
