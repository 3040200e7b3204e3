// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/unit_vote.h"

#include "probes/runner/protocol.h"

namespace assay::probes {

void UnitBallot::add(uint32_t run, uint32_t operand_set, const Digest& digest) {
  const std::pair key(operand_set, digest);
  auto kind = kinds_.find(key);
  if (kind == kinds_.end()) {
    if (kinds_.size() == kMostKinds) {
      whole_ = false;
      return;
    }
    kind = kinds_.emplace(key, Kind{run, 0}).first;
  }
  ++kind->second.runs;
}

AgreedDigests UnitBallot::votes() const {
  std::map<uint32_t, std::pair<uint32_t, Digest>> first;  // run and digest
  for (const auto& [key, kind] : kinds_) {
    const auto [place, is_new] = first.try_emplace(key.first, kind.first_run, key.second);
    if (!is_new && kind.first_run < place->second.first) place->second = {kind.first_run, key.second};
  }
  AgreedDigests votes;
  for (const auto& [set, vote] : first) votes.emplace(set, vote.second);
  return votes;
}

AgreedDigests agree(std::span<const UnitBallot* const> ballots) {
  std::map<uint32_t, std::map<Digest, size_t>> count;
  for (const UnitBallot* ballot : ballots) {
    for (const auto& [set, digest] : ballot->votes()) ++count[set][digest];
  }
  AgreedDigests agreed;
  for (const auto& [set, digests] : count) {
    size_t voters = 0;
    for (const auto& [digest, votes] : digests) voters += votes;
    if (voters < kMinVoters) continue;
    for (const auto& [digest, votes] : digests) {
      if (2 * votes > voters) agreed.emplace(set, digest);
    }
  }
  return agreed;
}

}  // namespace assay::probes
