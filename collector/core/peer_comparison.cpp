// SPDX-License-Identifier: Apache-2.0
#include "collector/core/peer_comparison.h"

#include <set>

namespace assay::collector {

std::vector<std::string> PeerComparison::add(const WorkKey& key, const std::string& device_id, const std::string& node, const Digest& fold,
                                             const MayVote& may_vote) {
  if (work_.find(key) == work_.end()) {
    oldest_first_.push_back(key);
    if (oldest_first_.size() > kKeys) {
      work_.erase(oldest_first_.front());
      oldest_first_.pop_front();
    }
  }
  auto& answers = work_[key];
  const auto known = answers.find(device_id);
  if (known == answers.end()) {
    if (answers.size() >= kDevicesPerKey) return {};
    answers.emplace(device_id, Answer{node, fold, false});
  } else {
    known->second.node = node;
    known->second.fold = fold;
  }
  if (answers.size() < kMinDevices) return {};

  size_t voters = 0;
  std::map<Digest, size_t> votes;
  std::map<Digest, std::set<std::string>> nodes;
  for (const auto& [id, answer] : answers) {
    if (!may_vote(id)) continue;
    ++voters;
    ++votes[answer.fold];
    nodes[answer.fold].insert(answer.node);
  }
  if (voters < kMinDevices) return {};
  std::vector<std::string> minority;
  for (const auto& [agreed, count] : votes) {
    if (count * kQuorumOf < voters * kQuorum || nodes[agreed].size() < kMinNodes) continue;
    for (auto& [id, answer] : answers) {
      if (answer.fold == agreed || answer.named) continue;
      answer.named = true;
      minority.push_back(id);
    }
  }
  return minority;
}

}  // namespace assay::collector
