// SPDX-License-Identifier: Apache-2.0
#include "agent/core/news.h"

#include <array>

namespace assay::agent {

std::string_view to_string(RemarkKind kind) {
  constexpr std::array<std::string_view, 12> kNames = {"mismatch",       "hang",            "crash",   "golden_corrupt",
                                                      "control_missed", "incident_opened", "verdict", "state_changed",
                                                       "xid",            "hung_driver_call", "gpu_errors", "backend_failed"};
  static_assert(kNames.size() == static_cast<size_t>(RemarkKind::kBackendFailed) + 1);
  return kNames[static_cast<size_t>(kind)];
}

}  // namespace assay::agent
