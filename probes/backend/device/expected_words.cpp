// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/device/expected_words.h"

#include <new>

#include "probes/backend/host/fp_environment.h"
#include "probes/catalogue/catalogue.h"

namespace assay::probes::device {
namespace {

// Probes of memory map much of it, which a run on behalf of another device should not take.
bool is_worth_it(std::string_view probe) {
  const ProbeSpec* spec = find_probe(probe);
  return spec != nullptr && spec->family != "memory";
}

}  // namespace

host::Kernel* HostWords::kernel_of(std::string_view probe) {
  if (probe == probe_) return kernel_.get();
  probe_ = probe;
  kernel_.reset();
  const host::KernelEntry* entry = is_worth_it(probe) ? host::best_kernel(probe) : nullptr;
  if (entry != nullptr && entry->cpus_needed == 1) kernel_ = entry->make(host::KernelSite{});
  return kernel_.get();
}

SharedWords HostWords::compute(std::string_view probe, uint32_t operand_set) {
  try {
    host::Kernel* kernel = kernel_of(probe);
    if (kernel == nullptr || !host::set_fp_environment()) return nullptr;
    kernel->prepare(operand_set);
    const size_t per_step = kernel->output().size();
    if (kernel->steps() * per_step * sizeof(uint64_t) > kMostBytes) return nullptr;
    auto made = std::make_shared<SetWords>();
    made->words_per_step = static_cast<uint32_t>(per_step);
    made->words.reserve(kernel->steps() * per_step);
    for (uint32_t step = 0; step < kernel->steps(); ++step) {
      kernel->step(step);
      if (kernel->last_step() != host::StepEnd::kDone) return nullptr;
      const auto output = kernel->output();
      made->words.insert(made->words.end(), output.begin(), output.end());
    }
    return made;
  } catch (const std::bad_alloc&) {
    return nullptr;
  }
}

}  // namespace assay::probes::device
