// SPDX-License-Identifier: Apache-2.0
#include "collector/core/probe_book.h"

namespace assay::collector {

ProbeBook ProbeBook::from(std::span<const ProbeSpec> catalogue, const probes::GoldenSet& goldens) {
  std::map<ProbeRef, BookEntry> entries;
  for (const ProbeSpec& spec : catalogue) {
    BookEntry entry{spec.tier, spec.operand_sets, {}, {}};
    const probes::GoldenTable* table = goldens.find(spec.ref);
    if (table != nullptr && table->digests.size() == spec.operand_sets) {
      entry.goldens = table->digests;
      entry.golden_hash = table->hash;
    }
    entries.emplace(spec.ref, std::move(entry));
  }
  return ProbeBook(std::move(entries));
}

const BookEntry* ProbeBook::find(const ProbeRef& probe) const {
  const auto found = entries_.find(probe);
  return found == entries_.end() ? nullptr : &found->second;
}

std::optional<Digest> ProbeBook::golden(const ProbeRef& probe, uint32_t operand_set) const {
  const BookEntry* entry = find(probe);
  if (entry == nullptr || operand_set >= entry->goldens.size()) return std::nullopt;
  return entry->goldens[operand_set];
}

bool ProbeBook::intact(const ProbeRef& probe) const {
  const BookEntry* entry = find(probe);
  return entry == nullptr || entry->goldens.empty() || probes::hash_of(entry->goldens) == entry->golden_hash;
}

}  // namespace assay::collector
