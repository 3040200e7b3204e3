// SPDX-License-Identifier: Apache-2.0
// What an operator may set about the fleet's rules. Defaults are those of a fresh installation: watch, decide nothing.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "common/base/clock.h"
#include "common/model/device.h"
#include "common/model/device_state.h"
#include "common/model/limits.h"
#include "common/model/probe_spec.h"

namespace assay::collector {

struct PolicyOptions {
  PolicyMode mode = PolicyMode::kObserve;
  std::map<std::string, PolicyMode> probe_modes;   // by probe id; the stricter (lower) of this and `mode` holds
  std::map<std::string, PolicyMode> architecture_modes;  // of accelerators, by Device::architecture; the stricter of all that apply holds
  uint32_t breaker_floor = limits::kBreakerFloor;  // quarantines per 24 h that are always allowed, per scope
  double breaker_ratio = limits::kBreakerRatio;    // of the devices of the scope, when that is more
  // Share of the fleet that must stay in service, 0..1. Like the breaker it never forbids the first `breaker_floor` devices, or a
  // fleet of five could never lose one.
  double capacity_floor_ratio = 0.9;
  bool survey = false;                             // first pass over a fleet: the breaker neither trips nor holds; the rest does
  bool hook = false;                               // a drain hook is configured: real decisions run it
  bool drill_hook = false;                         // drills run the drill's own hook
  Duration silent_after{std::chrono::seconds{60}};   // a node that has not reported for so long is silent
};

// The mode that holds for a probe. One whose goldens rest on an emulator (T1) is observed until `probe_modes` names it: a site does so when its
// own devices have agreed with the emulator for a while.
PolicyMode mode_for(const PolicyOptions& options, const std::string& probe_id, GoldenTier tier);
// Whether a variant of a probe was measured on hardware of the device's architecture before it was shipped.
enum class Silicon : uint8_t { kNotYet, kRan };
// The mode that holds for a probe on a device. A variant of an accelerator that has not run on silicon is proven by emulation alone: it is observed until
// `architecture_modes` names the architecture, which a site does once it has seen such probes agree on its own chips for a while.
PolicyMode mode_for(const PolicyOptions& options, const Device& device, const std::string& probe_id, GoldenTier tier, Silicon silicon);

}  // namespace assay::collector
