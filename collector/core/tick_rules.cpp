// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "collector/core/admission.h"
#include "collector/core/hook_plan.h"
#include "collector/core/rules.h"
#include "collector/core/suspicion.h"

namespace assay::collector {
namespace {

constexpr std::chrono::minutes kAgingInterval{1};   // walks all devices: too dear for every tick of a large fleet
constexpr std::chrono::hours kSaidKept{1};

void find_silent_nodes(Step& step) {
  for (auto& [name, node] : step.state.nodes) {
    if (node.silent || step.now - node.last_report <= step.options.silent_after) continue;
    node.silent = true;
    step.changed(node);
    step.note({"node_silent", name, "", "", false, fmt::format("no report for {}", format_span(step.now - node.last_report))});
  }
}

}  // namespace

void on_tick(Step& step) {
  start_pending_hooks(step);
  find_silent_nodes(step);
  if (step.memory.last_aging && step.now >= *step.memory.last_aging && step.now - *step.memory.last_aging < kAgingInterval) return;
  step.memory.last_aging = step.now;
  retry_pending(step);
  age_devices(step);
  prune_incidents(step.state, step.now);
  std::erase_if(step.memory.said, [&](const auto& entry) { return step.now - entry.second >= kSaidKept; });
}

}  // namespace assay::collector
