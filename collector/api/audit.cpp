// SPDX-License-Identifier: Apache-2.0
#include "collector/api/reads.h"
#include "collector/api/shapes.h"

namespace assay::collector {

// The chain of decisions as it is kept: canonical text, hashes and signatures, for whoever wants to verify it.
Result<std::string> read_audit(ReadContext& context, const net::Request& request, const std::string&) {
  const uint64_t after = TRY(query_number(request, "after"));
  const uint32_t limit = TRY(list_limit(request));
  JsonWriter json;
  json.begin_object().text("public_key", context.public_key_hex).begin_list("decisions");
  for (const AuditEntry& entry : TRY(context.store.audit(after, limit))) write_audit_entry(json, entry);
  json.end_list().end_object();
  return json.take();
}

}  // namespace assay::collector
