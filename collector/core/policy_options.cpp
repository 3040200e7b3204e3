// SPDX-License-Identifier: Apache-2.0
#include "collector/core/policy_options.h"

#include <algorithm>

namespace assay::collector {

PolicyMode mode_for(const PolicyOptions& options, const std::string& probe_id) {
  const auto found = options.probe_modes.find(probe_id);
  return found == options.probe_modes.end() ? options.mode : std::min(options.mode, found->second);
}

}  // namespace assay::collector
