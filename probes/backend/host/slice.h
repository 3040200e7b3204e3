// SPDX-License-Identifier: Apache-2.0
// What all threads of one request share: the work, where the kernels come from, and when to stop.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

#include "common/base/clock.h"
#include "probes/backend/host/injector.h"
#include "probes/backend/host/kernel_source.h"
#include "probes/runner/protocol.h"

namespace assay::probes::host {

// Immutable while threads run; `stop` may be set by anyone.
struct Slice {
  const RunRequest& request;
  const ProbeSpec& spec;
  const KernelSource::Choice& choice;
  const std::atomic<bool>& stop;
  MonoTime deadline;
  bool idle_priority = true;
  uint64_t capture_bytes = 0;              // how much of the outputs of a run one unit may keep
  std::optional<Injection> injection{};    // the one to plant, when there is one
  Injector::Reach reach = Injector::Reach::kOutputsAndState;
  int stop_descriptor = -1;                // readable once `stop` is true; -1: rests end only when they are over
  Duration longest_rest = Duration::max(); // rests between steps are cut to that
  MemoryArena* arena = nullptr;
  MonoTime start{};                        // cycles of power steps count from here

  bool should_stop() const { return stop.load(std::memory_order_relaxed) || BootClock::now() >= deadline; }
  KernelSite site_of(uint32_t cpu) const { return {cpu, request.cpus, idle_priority, arena, &stop, deadline}; }
  bool has_golden(uint32_t set) const { return set < request.goldens.size(); }
  Injector injector_for(uint32_t unit) const {
    return injection && injection->unit == unit ? Injector(*injection, reach) : Injector();
  }
};

}  // namespace assay::probes::host
