// SPDX-License-Identifier: Apache-2.0
#include "collector/api/reads.h"
#include "collector/api/shapes.h"

namespace assay::collector {

Result<std::string> read_quarantine(ReadContext& context, const net::Request& request, const std::string&) {
  const uint32_t limit = TRY(list_limit(request));
  JsonWriter json;
  json.begin_object().begin_list("quarantine");
  for (const QuarantineRow& row : TRY(context.store.quarantine(limit))) write_quarantine(json, row);
  json.end_list().end_object();
  return json.take();
}

}  // namespace assay::collector
