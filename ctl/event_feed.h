// SPDX-License-Identifier: Apache-2.0
// The collector's events as they come, each once, across pages and restarts of the collector.
#pragma once

#include <cstdint>
#include <vector>

#include "common/base/result.h"
#include "ctl/api_client.h"
#include "ctl/json_value.h"

namespace assay::ctl {

// One owner, one thread. The Api must live as long.
class EventFeed {
 public:
  // Begins after event `after`.
  EventFeed(Api& api, uint64_t after) : api_(api), after_(after) {}
  // Begins `count` events before the newest.
  static Result<EventFeed> with_last(Api& api, uint64_t count);
  // What is new since the last call, oldest first; at most a few pages at once.
  Result<std::vector<JsonValue>> next();
  uint64_t position() const { return after_; }

 private:
  Api& api_;
  uint64_t after_;
};

}  // namespace assay::ctl
