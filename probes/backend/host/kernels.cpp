// SPDX-License-Identifier: Apache-2.0
#include <vector>

#include "probes/backend/host/families.h"
#include "probes/backend/host/kernel.h"

namespace assay::probes::host {
namespace {

using Family = std::span<const KernelEntry> (*)();

constexpr Family kFamilies[] = {
    gemm_kernels,
    gemm_grid_kernels,
    gemm_random_kernels,
    fma_kernels,
    int_mul_kernels,
    div_kernels,
    addmul_kernels,
    x87_kernels,
    transformer_kernels,
    minmax_kernels,
    cvt_kernels,
    crc32c_kernels,
    aes_kernels,
    shuffle_kernels,
    int_div_kernels,
    int_alu_kernels,
    int_bits_kernels,
    int_mul32_kernels,
    clmul_kernels,
    gather_kernels,
    mask_kernels,
    sha256_kernels,
    chacha20_kernels,
    logistic_kernels,
    sort_kernels,
    hashmap_kernels,
    interp_kernels,
    zlib_kernels,
    memory_kernels,
    int_bytes_kernels,
    int_mul52_kernels,
    hop_kernels,
    atomics_kernels,
    lock_kernels,
    pingpong_kernels,
    litmus_kernels,
};

}  // namespace

std::string_view to_string(Variant variant) {
  constexpr std::string_view kNames[] = {"scalar", "bmi2",   "x87",         "neon",        "sse",         "avx2",
                                         "avx512", "avx512_vnni", "avx512_fp16", "avx512_bf16", "amx"};
  static_assert(std::size(kNames) == static_cast<size_t>(kLastVariant) + 1);
  return kNames[static_cast<size_t>(variant)];
}

std::span<const KernelEntry> kernels() {
  static const std::vector<KernelEntry> kAll = [] {
    std::vector<KernelEntry> all;
    for (const Family family : kFamilies) all.insert(all.end(), family().begin(), family().end());
    return all;
  }();
  return kAll;
}

bool is_supported(const KernelEntry& entry) { return entry.needs == nullptr || cpu_features().*entry.needs; }

bool is_supported(std::string_view probe_id, Variant variant) {
  for (const KernelEntry& entry : kernels()) {
    if (entry.probe_id == probe_id && entry.variant == variant) return is_supported(entry);
  }
  return false;
}

const KernelEntry* best_kernel(std::string_view probe_id) {
  const KernelEntry* best = nullptr;
  for (const KernelEntry& entry : kernels()) {
    if (entry.probe_id != probe_id || !is_supported(entry)) continue;
    if (best == nullptr || entry.variant > best->variant) best = &entry;
  }
  return best;
}

}  // namespace assay::probes::host
