// SPDX-License-Identifier: Apache-2.0
// The table of all probes: explicit, in one place, group by group.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "common/model/probe_spec.h"

namespace assay::probes {

std::span<const ProbeSpec> catalogue();
// Probes that only accelerators compute: their goldens are built and signed with the others (those of tier T3 have none), a backend that has such a device
// offers them, no host kernel runs them. Not in catalogue().
std::span<const ProbeSpec> device_catalogue();
// Both, in that order.
std::span<const ProbeSpec> all_probes();
// nullptr when there is no probe of that id in either (ids are matched whole; the version is the current one).
const ProbeSpec* find_probe(std::string_view id);

}  // namespace assay::probes
