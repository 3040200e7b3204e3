// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "collector/api/reads.h"
#include "collector/api/shapes.h"

namespace assay::collector {
namespace {

Status check_verdict(const std::string& text) {
  if (text.empty()) return {};
  for (size_t i = 0; i <= static_cast<size_t>(kLastVerdict); ++i) {
    if (to_string(static_cast<Verdict>(i)) == text) return {};
  }
  return make_error(ErrorCode::kInvalid, fmt::format("verdict \"{}\" is unknown; use one of docs/reference/api.md", text));
}

}  // namespace

Result<std::string> read_incidents(ReadContext& context, const net::Request& request, const std::string&) {
  const IncidentFilter filter{query_text(request, "device"), query_text(request, "node"), query_text(request, "verdict")};
  TRY(check_verdict(filter.verdict));
  const uint32_t limit = TRY(list_limit(request));
  JsonWriter json;
  json.begin_object().begin_list("incidents");
  for (const IncidentRow& row : TRY(context.store.incidents(filter, limit))) {
    json.begin_object();
    write_incident_summary_members(json, row.view);
    json.end_object();
  }
  json.end_list().end_object();
  return json.take();
}

Result<std::string> read_incident(ReadContext& context, const net::Request&, const std::string& id) {
  const auto detail = TRY(context.store.incident(id));
  if (!detail) return make_error(ErrorCode::kNotFound, fmt::format("there is no incident {}; list them with assayctl incident list", id));
  JsonWriter json;
  json.begin_object();
  write_incident_members(json, *detail);
  json.end_object();
  return json.take();
}

}  // namespace assay::collector
