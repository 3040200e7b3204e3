// SPDX-License-Identifier: Apache-2.0
#include "collector/core/peer_comparison.h"

#include <algorithm>
#include <set>

namespace assay::collector {

PeerWord PeerComparison::add(const WorkKey& key, const std::string& device_id, const std::string& node, const Digest& fold, WallTime now,
                             const MayVote& may_vote) {
  if (work_.find(key) == work_.end()) {
    oldest_first_.push_back(key);
    if (oldest_first_.size() > kKeys) {
      work_.erase(oldest_first_.front());
      oldest_first_.pop_front();
    }
  }
  Answers& answers = work_[key];
  std::erase_if(answers, [&](const auto& entry) { return now - entry.second.at > kVoteAge; });
  if (!answers.contains(device_id) && answers.size() >= kDevicesPerKey) {
    answers.erase(std::min_element(answers.begin(), answers.end(), [](const auto& a, const auto& b) { return a.second.at < b.second.at; }));
  }
  Answer& answer = answers[device_id];
  answer.node = node;
  answer.fold = fold;
  answer.at = now;
  if (may_vote(device_id)) answer.named = false;  // cleared since
  if (answers.size() < kMinDevices) return {};

  size_t voters = 0;
  std::map<Digest, size_t> votes;
  std::map<Digest, std::set<std::string>> nodes;
  for (const auto& [id, given] : answers) {
    if (!may_vote(id)) continue;
    ++voters;
    ++votes[given.fold];
    nodes[given.fold].insert(given.node);
  }
  if (voters < kMinDevices) return {};
  for (const auto& [agreed, count] : votes) {
    if (count * kQuorumOf >= voters * kQuorum && nodes[agreed].size() >= kMinNodes) return compare(answers, agreed);
  }
  return {};
}

// Who differs from what was agreed on.
PeerWord PeerComparison::compare(Answers& answers, const Digest& agreed) {
  std::map<Digest, std::set<std::string>> others;
  for (const auto& [id, given] : answers) {
    if (given.fold != agreed) others[given.fold].insert(given.node);
  }
  PeerWord word;
  for (auto& [id, given] : answers) {
    if (given.fold == agreed) {
      given.named = false;
    } else if (others[given.fold].size() > 1) {
      word.two_camps = true;
    } else if (!given.named) {
      given.named = true;
      word.minority.push_back(id);
    }
  }
  return word;
}

}  // namespace assay::collector
