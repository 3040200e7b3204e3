// SPDX-License-Identifier: Apache-2.0
#include "ctl/event_feed.h"

#include <algorithm>

#include <fmt/format.h>

namespace assay::ctl {

Result<EventFeed> EventFeed::with_last(Api& api, uint64_t count) {
  const std::string text = TRY(api.get("/v1/events?after=0&limit=1"));
  const JsonValue document = TRY(parse_json_object(text));
  const uint64_t last = document.number_or_zero("last");
  return EventFeed(api, last - std::min(last, count));
}

Result<std::vector<JsonValue>> EventFeed::next() {
  constexpr int kPagesAtOnce = 16;
  std::vector<JsonValue> events;
  for (int page = 0; page < kPagesAtOnce; ++page) {
    const std::string text = TRY(api_.get(fmt::format("/v1/events?after={}", after_)));
    const JsonValue document = TRY(parse_json_object(text));
    const uint64_t last = document.number_or_zero("last");
    if (last < after_) after_ = last;   // another store than before: go on from its end
    const auto fresh = document.list("events");
    if (fresh.empty()) break;
    for (const JsonValue& event : fresh) {
      after_ = std::max(after_, event.number_or_zero("number"));
      events.push_back(event);
    }
    if (after_ >= last) break;
  }
  return events;
}

}  // namespace assay::ctl
