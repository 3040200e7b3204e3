// SPDX-License-Identifier: Apache-2.0
// What the collector knows of each probe: tier, number of operand sets and, where there is one, the golden table.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "common/base/digest.h"
#include "common/model/probe_spec.h"
#include "probes/goldens/golden_set.h"

namespace assay::collector {

struct BookEntry {
  GoldenTier tier = GoldenTier::kT0Analytic;
  uint32_t operand_sets = 0;          // > 0
  std::vector<Digest> goldens;        // by operand set; empty: none, so compare among peers
  Digest golden_hash;                 // of the table when it was loaded
};

// Immutable; safe to share between threads.
class ProbeBook {
 public:
  ProbeBook() = default;
  explicit ProbeBook(std::map<ProbeRef, BookEntry> entries) : entries_(std::move(entries)) {}
  // Every probe of the catalogue with its golden table, where the set has one of the right length.
  static ProbeBook from(std::span<const ProbeSpec> catalogue, const probes::GoldenSet& goldens);

  // nullptr for a probe or version this collector does not know.
  const BookEntry* find(const ProbeRef& probe) const;
  std::optional<Digest> golden(const ProbeRef& probe, uint32_t operand_set) const;
  // Whether the table still hashes to what was loaded: asked before an accusation rests on it. True when there is none.
  bool intact(const ProbeRef& probe) const;

 private:
  std::map<ProbeRef, BookEntry> entries_;
};

}  // namespace assay::collector
