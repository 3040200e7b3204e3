// SPDX-License-Identifier: Apache-2.0
// When backends are asked for their devices again, and which of their answers an operator must know. A driver that failed or hung when the agent started
// may be mended while it runs; asking it starts a process that loads it, so that is done seldom, and more seldom the longer it fails.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/core/news.h"
#include "common/base/clock.h"
#include "common/base/result.h"

namespace assay::agent {

// What a backend said when it was asked last.
struct BackendFacts {
  std::string name;
  bool success = false;                           // it answered in time, if only that it has no devices
  uint64_t devices = 0;                           // found, those left out included
  uint64_t hangs = 0;                             // times that it did not answer in time
};

// Pure; not thread-safe. One backend is asked at a time: between due() and answered() nothing is due.
class BackendWatch {
 public:
  static constexpr Duration kFirstPause{std::chrono::minutes{1}};    // after a failure; twice as long after each further one ...
  static constexpr Duration kLongestPause{std::chrono::hours{1}};    // ... up to this

  // The backend told its devices, or why it cannot: kTimeout is a hang. Told when it begins to fail and when it fails in another way, not each time.
  News answered(std::string_view backend, const Result<uint64_t>& devices, Duration deadline, MonoTime now);
  // Somebody mended something: those that failed, and those that had no device, are due at once; the one being asked is due again once it has answered,
  // unless it then tells of devices.
  void ask_all(MonoTime now);

  // The backend to be asked now. It counts as asked until answered().
  std::optional<std::string> due(MonoTime now);
  MonoTime wake_at() const;

  const std::vector<BackendFacts>& facts() const { return facts_; }

 private:
  struct Plan {
    MonoTime ask_at = MonoTime::max();
    uint32_t failures = 0;                        // in a row
    ErrorCode told{};                             // of them
  };
  size_t place_of(std::string_view backend);

  std::vector<BackendFacts> facts_;               // in the order of their first answers
  std::vector<Plan> plans_;                       // beside them
  bool asking_ = false;
};

}  // namespace assay::agent
