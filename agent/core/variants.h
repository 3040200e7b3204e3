// SPDX-License-Identifier: Apache-2.0
// Which variants of each probe (instruction sets, programs of an accelerator) a device can run. Scalar units and narrow vectors are silicon of their own, so each variant is a
// coordinate of coverage.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "common/model/device.h"
#include "common/model/probe_spec.h"
#include "probes/runner/protocol.h"

namespace assay::agent {

struct Variant {
  std::string name;      // "avx512"; "": whatever the runner finds strongest, where it did not tell what there is
  std::string silicon;   // the part of the chip that it works on, in words; "" when not told
};

// Of each probe its variants, strongest first, at least one. A probe in one variant is a lane; lanes are numbered probe by probe. Immutable.
class VariantTable {
 public:
  static constexpr uint32_t kPerProbe = 32;   // what is offered beyond is left out

  // Nothing is known: one unnamed variant a probe.
  explicit VariantTable(size_t probes);
  // What a runner offers for the device; a probe that it does not offer gets an unnamed variant, which finds out.
  VariantTable(std::span<const ProbeSpec> probes, std::span<const probes::ProbeVariant> offered);

  size_t probes() const { return first_lane_.size() - 1; }
  size_t lanes() const { return variants_.size(); }
  uint32_t count(size_t probe) const { return static_cast<uint32_t>(first_lane_[probe + 1] - first_lane_[probe]); }
  size_t lane(size_t probe, uint32_t variant) const { return first_lane_[probe] + variant; }
  const Variant& at(size_t probe, uint32_t variant) const { return variants_[lane(probe, variant)]; }
  // "" finds the strongest; a probe with an unnamed variant has that one whatever the name.
  std::optional<uint32_t> find(size_t probe, std::string_view name) const;

 private:
  std::vector<size_t> first_lane_;   // by probe, and the end
  std::vector<Variant> variants_;    // by lane
};

// Shared by the cores of one device.
using Variants = std::shared_ptr<const VariantTable>;

}  // namespace assay::agent
