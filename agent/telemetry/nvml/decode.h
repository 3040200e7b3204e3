// SPDX-License-Identifier: Apache-2.0
// From NVML's numbers to facts: pure functions over the structs and codes of abi.h. What a call did not give is passed as absent and adds nothing.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "agent/core/gpu_facts.h"
#include "agent/telemetry/nvml/abi.h"

namespace assay::agent::nvml {

using Facts = std::vector<GpuFact>;

// Lower-case name of an error: "gpu_is_lost"; "error_N" for a number that this build does not know.
std::string error_name(int code);
// Whether the answer means that there is no such thing here, which is no failure: not supported, unknown to this library, no data.
bool is_absent(int code);
GpuTrouble trouble_of(int code);

// Of an entry that succeeded; absent for one that did not, or with a type that is not known.
std::optional<double> number_of(const FieldValue& value);
// The device-wide fields to ask for in one call, and what they say.
std::span<const uint32_t> device_fields();
void decode_fields(std::span<const FieldValue> values, Facts& into);

// One fact for each reason the GPU can tell (all known ones when `supported` is absent).
void decode_clock_events(uint64_t active, std::optional<uint64_t> supported, Facts& into);
void decode_histogram(const RowRemapHistogram& banks, Facts& into);
void decode_memory(const Memory& memory, Facts& into);
void decode_memory(const MemoryV2& memory, Facts& into);
void decode_utilization(const Utilization& rates, Facts& into);

}  // namespace assay::agent::nvml
