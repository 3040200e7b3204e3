// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/cuda/architecture.h"

#include <fmt/format.h>

#include <charconv>

namespace assay::probes::cuda {

bool runs_on(std::string_view architecture, const Chip& chip) {
  uint32_t number = 0;
  const char* const begin = architecture.data();
  const char* const end = begin + architecture.size();
  const auto [rest, error] = std::from_chars(begin, end, number);
  if (error != std::errc()) return false;
  if (rest != end && *rest == 'a') return number == chip.number();
  return number / 10 == chip.major && number % 10 <= chip.minor;
}

bool any_runs_on(std::string_view architectures, const Chip& chip) {
  for (;;) {
    const size_t end = architectures.find(';');
    if (runs_on(architectures.substr(0, end), chip)) return true;
    if (end == std::string_view::npos) return false;
    architectures.remove_prefix(end + 1);
  }
}

std::string missing_code(std::string_view architectures, bool has_ptx, bool use_ptx, const Chip& chip) {
  if (any_runs_on(architectures, chip) || (has_ptx && use_ptx)) return "";
  return fmt::format("this build has machine code for {} and none for sm_{}: build with it in ASSAY_CUDA_ARCHS", architectures.empty() ? "no chip" : architectures,
                     chip.number());
}

}  // namespace assay::probes::cuda
