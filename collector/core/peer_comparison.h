// SPDX-License-Identifier: Apache-2.0
// Comparison among the devices of a cohort, for probes without a golden (tier T3: replays of a site's own, and what a collector has no golden
// of): who gave another digest than the quorum on the very same work.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "common/base/clock.h"
#include "common/base/digest.h"
#include "common/model/probe_spec.h"

namespace assay::collector {

// What makes folds comparable.
struct WorkKey {
  std::string cohort;
  ProbeRef probe;
  uint32_t first_set = 0;
  uint32_t set_count = 0;
  uint32_t runs = 0;
  std::string variant;    // instruction set, or build of a replay's program
  std::string driver{};   // of an accelerator whose driver compiles the probes: another version may give other bits
  friend auto operator<=>(const WorkKey&, const WorkKey&) = default;
};

// What a comparison tells.
struct PeerWord {
  std::vector<std::string> minority;   // devices that newly differ from the quorum, each by a digest of its own
  bool two_camps = false;              // several nodes agree on another digest than the quorum: that is another build, not broken silicon
};

// A cache of the last kKeys pieces of work; losing it costs detections of that time, never a wrong one. Single-threaded.
class PeerComparison {
 public:
  static constexpr size_t kKeys = 4096;
  static constexpr size_t kDevicesPerKey = 64;   // the latest
  static constexpr size_t kMinDevices = 5;   // that vote
  static constexpr size_t kQuorumOf = 5;     // of so many votes ...
  static constexpr size_t kQuorum = 4;       // ... so many must agree
  static constexpr size_t kMinNodes = 3;     // that carry the quorum
  static constexpr std::chrono::hours kVoteAge{7 * 24};   // what is older counts no more

  // Whether a device's answer counts for a quorum; one under suspicion may be named, but does not vote.
  using MayVote = std::function<bool(const std::string& device_id)>;

  // Adds what a device gave. A quorum are four in five of at least kMinDevices votes, from kMinNodes nodes, for one digest. A device is named once,
  // and again when it agreed or was cleared in between.
  PeerWord add(const WorkKey& key, const std::string& device_id, const std::string& node, const Digest& fold, WallTime now, const MayVote& may_vote);
  size_t size() const { return work_.size(); }

 private:
  struct Answer {
    std::string node;
    Digest fold;
    WallTime at{};
    bool named = false;
  };
  using Answers = std::map<std::string, Answer>;
  static PeerWord compare(Answers& answers, const Digest& agreed);

  std::map<WorkKey, Answers> work_;
  std::deque<WorkKey> oldest_first_;
};

}  // namespace assay::collector
