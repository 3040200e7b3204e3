// SPDX-License-Identifier: Apache-2.0
// What a probe is, apart from any backend: a named deterministic computation over numbered operand sets.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "common/base/clock.h"
#include "common/base/result.h"

namespace assay {

// Where a golden comes from, strongest first (ARCHITECTURE.md, "Golden tiers"). T3 alone never condemns one device.
enum class GoldenTier : uint8_t { kT0Analytic, kT1Emulated, kT2Reference, kT3Quorum };
std::string_view to_string(GoldenTier tier);  // "T0".."T3"
Result<GoldenTier> parse_golden_tier(std::string_view text);
// Whether a probe of that tier comes with a golden: T0 to T2 must have one, T3 must have none.
constexpr bool has_golden(GoldenTier tier) { return tier != GoldenTier::kT3Quorum; }
// Whether its goldens are exact, so that a mismatch which repeats condemns.
constexpr bool may_condemn(GoldenTier tier) { return tier == GoldenTier::kT0Analytic || tier == GoldenTier::kT1Emulated; }

// A probe at one version: results are comparable only between equal references.
struct ProbeRef {
  std::string id;          // "gemm.fp64.grid"; never reused
  uint32_t version = 1;    // a change of any result bit is a new version
  friend auto operator<=>(const ProbeRef&, const ProbeRef&) = default;
};
std::string to_string(const ProbeRef& probe);  // "gemm.fp64.grid/1"
Result<ProbeRef> parse_probe_ref(std::string_view text);

// 1..64 characters: dot-separated words of [a-z0-9_].
bool is_valid_probe_id(std::string_view text);

struct ProbeSpec {
  ProbeRef ref;
  std::string_view family;        // "gemm", "fma", "march": probes/catalogue/<family>.h
  std::string_view precision;     // "fp64", "int64", "bytes": the label of metrics
  std::string_view exercises;     // one line: which part of the silicon
  GoldenTier tier = GoldenTier::kT0Analytic;
  uint32_t operand_sets = 256;    // numbered 0..operand_sets-1
  uint32_t weight = 1;            // prior share in the rotation, 1..16 (docs/probes: where the priors come from)
  uint64_t memory_bytes = 0;      // working set of one unit at most
  Duration run_limit{};           // above zero: a replay of the site's own, one run a slice, each ended at this time
};

}  // namespace assay
