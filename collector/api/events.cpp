// SPDX-License-Identifier: Apache-2.0
#include "collector/api/reads.h"
#include "collector/api/shapes.h"

namespace assay::collector {

Result<std::string> read_events(ReadContext& context, const net::Request& request, const std::string&) {
  const uint64_t after = TRY(query_number(request, "after"));
  const uint32_t limit = TRY(list_limit(request));
  const uint64_t last = TRY(context.store.last_event());
  JsonWriter json;
  json.begin_object().begin_list("events");
  for (const EventRow& row : TRY(context.store.events(after, limit))) write_event(json, row);
  json.end_list().number("last", last).end_object();
  return json.take();
}

}  // namespace assay::collector
