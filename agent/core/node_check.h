// SPDX-License-Identifier: Apache-2.0
// The answer to "may work run on this node?", for scheduler hooks on the node itself, whether or not the collector is in reach.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "agent/core/device_watch.h"

namespace assay::agent {

enum class NodeVerdict : uint8_t { kFine, kFinding, kUnknown };
std::string_view to_string(NodeVerdict verdict);  // "fine"

struct NodeCheck {
  NodeVerdict verdict = NodeVerdict::kUnknown;
  std::vector<std::string> reasons;   // one line each
};

// A device that is suspect, confirming, quarantined, in repair or retired is a finding, unless its state comes from a drill. A device that was never
// measured makes the answer unknown: "could not tell" is never "fine".
NodeCheck check_node(const std::vector<const DeviceWatch*>& devices);

}  // namespace assay::agent
