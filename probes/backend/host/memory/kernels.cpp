// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "probes/backend/host/families.h"
#include "probes/backend/host/memory/kernel.h"
#include "probes/backend/host/memory/variants.h"

namespace assay::probes::host {
namespace {

constexpr MemoryLoops kScalar{memory_scalar, memory_strides_scalar, 1};
#if defined(__x86_64__)
constexpr MemoryLoops kAvx2{memory_avx2, memory_strides_avx2, 4};
constexpr MemoryLoops kAvx512{memory_avx512, memory_strides_avx512, 8};
#elif defined(__aarch64__)
constexpr MemoryLoops kNeon{memory_neon, memory_strides_neon, 2};
#endif

// kernels() is asked by id, and a function is all that an entry can hold: one a program and instruction set.
template <size_t kProgram, const MemoryLoops& kLoops>
std::unique_ptr<Kernel> make(const KernelSite& site) {
  return make_memory(memory::programs()[kProgram], kLoops, site);
}

struct Words {
  std::string_view plain;
  std::string_view streamed;
};

template <size_t kProgram, const MemoryLoops& kLoops>
KernelEntry entry(Variant variant, bool CpuFeatures::*needs, const Words& silicon) {
  const memory::Program& program = memory::programs()[kProgram];
  return {program.id, variant, needs, program.stores == memory::Stores::kPlain ? silicon.plain : silicon.streamed, make<kProgram, kLoops>};
}

template <size_t kProgram>
void add(std::vector<KernelEntry>& entries) {
#if defined(__x86_64__)
  entries.push_back(entry<kProgram, kScalar>(Variant::kScalar, nullptr, {"64-bit loads and stores", "64-bit loads and streaming stores"}));
  entries.push_back(entry<kProgram, kAvx2>(Variant::kAvx2, &CpuFeatures::avx2, {"256-bit loads and stores", "256-bit loads and streaming stores"}));
  entries.push_back(
      entry<kProgram, kAvx512>(Variant::kAvx512, &CpuFeatures::avx512, {"512-bit loads and stores", "512-bit loads and streaming stores"}));
#else
  // No store of these goes past the caches: what is larger than they are reaches memory all the same.
  entries.push_back(entry<kProgram, kScalar>(Variant::kScalar, nullptr, {"64-bit loads and stores", "64-bit loads and stores"}));
#if defined(__aarch64__)
  entries.push_back(
      entry<kProgram, kNeon>(Variant::kNeon, &CpuFeatures::neon, {"128-bit NEON loads and stores", "128-bit NEON loads and stores"}));
#endif
#endif
}

template <size_t... kPrograms>
std::vector<KernelEntry> all(std::index_sequence<kPrograms...>) {
  std::vector<KernelEntry> entries;
  (add<kPrograms>(entries), ...);
  return entries;
}

}  // namespace

std::span<const KernelEntry> memory_kernels() {
  static const std::vector<KernelEntry> kEntries = all(std::make_index_sequence<memory::kPrograms>());
  return kEntries;
}

}  // namespace assay::probes::host
