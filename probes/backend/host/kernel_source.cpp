// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/host/kernel_source.h"

#include "probes/catalogue/catalogue.h"

namespace assay::probes::host {
namespace {

class BuiltInKernels final : public KernelSource {
 public:
  const ProbeSpec* spec(std::string_view probe_id) const override { return find_probe(probe_id); }

  std::optional<Choice> choose(std::string_view probe_id, std::string_view variant) const override {
    const KernelEntry* entry = variant.empty() ? best_kernel(probe_id) : find(probe_id, variant);
    if (entry == nullptr) return std::nullopt;
    return Choice{std::string(to_string(entry->variant)), entry->make, entry->cpus_needed};
  }

 private:
  static const KernelEntry* find(std::string_view probe_id, std::string_view variant) {
    for (const KernelEntry& entry : kernels()) {
      if (entry.probe_id == probe_id && to_string(entry.variant) == variant) {
        return is_supported(probe_id, entry.variant) ? &entry : nullptr;
      }
    }
    return nullptr;
  }
};

}  // namespace

const KernelSource& built_in_kernels() {
  static const BuiltInKernels source;
  return source;
}

}  // namespace assay::probes::host
