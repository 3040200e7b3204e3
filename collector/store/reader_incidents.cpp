// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "collector/store/connection.h"
#include "collector/store/reader.h"
#include "collector/store/row_codec.h"
#include "common/wire/report_wire.h"

namespace assay::collector {

Result<std::vector<IncidentRow>> StoreReader::incidents(const IncidentFilter& filter, uint32_t limit) {
  static const std::string kSql = fmt::format(
      "SELECT {} FROM incidents WHERE (?1='' OR device=?1) AND (?2='' OR node=?2) AND (?3='' OR verdict=?3) ORDER BY received_ns DESC, id LIMIT ?4",
      kIncidentColumns);
  std::vector<IncidentRow> rows;
  Query query = TRY(connection_->query(kSql, filter.device, filter.node, filter.verdict, limit));
  while (TRY(query.next())) rows.push_back(TRY(read_incident(query)));
  return rows;
}

Result<std::optional<IncidentView>> StoreReader::incident_view(const std::string& id) {
  static const std::string kSql = fmt::format("SELECT {} FROM incidents WHERE id=?", kIncidentColumns);
  Query query = TRY(connection_->query(kSql, id));
  if (!TRY(query.next())) return std::optional<IncidentView>{};
  return std::optional<IncidentView>{TRY(read_incident(query)).view};
}

Result<std::optional<IncidentDetail>> StoreReader::incident(const std::string& id) {
  static const std::string kBody = "SELECT body FROM incidents WHERE id=?";
  static const std::string kDecisions = fmt::format("SELECT {} FROM decisions WHERE incident=? ORDER BY number", kDecisionColumns);
  static const std::string kHooks = fmt::format("SELECT {} FROM hooks WHERE incident=? ORDER BY decision", kHookColumns);
  auto view = TRY(incident_view(id));
  if (!view) return std::optional<IncidentDetail>{};
  IncidentDetail detail;
  detail.view = std::move(*view);
  {
    Query query = TRY(connection_->query(kBody, id));
    if (!TRY(query.next())) return std::optional<IncidentDetail>{};
    auto incident = wire::decode_incident(query.blob());
    if (!incident.ok()) return make_error(ErrorCode::kCorrupt, fmt::format("store: incident {} does not read back: {}", id, incident.error().message));
    detail.incident = std::move(incident).value();
  }
  Query decisions = TRY(connection_->query(kDecisions, id));
  while (TRY(decisions.next())) detail.decisions.push_back(TRY(read_decision(decisions)));
  Query hooks = TRY(connection_->query(kHooks, id));
  while (TRY(hooks.next())) detail.hooks.push_back(TRY(read_hook(hooks)));
  return std::optional<IncidentDetail>{std::move(detail)};
}

Result<std::vector<ObservationRow>> StoreReader::observations(const std::string& device, uint32_t limit) {
  std::vector<ObservationRow> rows;
  Query query = TRY(connection_->query(
      "SELECT number, node, received_ns, finding, body FROM observations WHERE (?1='' OR device=?1) ORDER BY number DESC LIMIT ?2", device, limit));
  while (TRY(query.next())) {
    ObservationRow row;
    row.number = query.count();
    row.node = query.text();
    row.received = query.time();
    row.finding = query.text();
    auto observation = wire::decode_observation(query.blob());
    if (!observation.ok()) {
      return make_error(ErrorCode::kCorrupt, fmt::format("store: observation {} does not read back: {}", row.number, observation.error().message));
    }
    row.observation = std::move(observation).value();
    rows.push_back(std::move(row));
  }
  return rows;
}

Result<std::optional<Decision>> StoreReader::decision(uint64_t number) {
  static const std::string kSql = fmt::format("SELECT {} FROM decisions WHERE number=?", kDecisionColumns);
  Query query = TRY(connection_->query(kSql, number));
  if (!TRY(query.next())) return std::optional<Decision>{};
  return std::optional<Decision>{TRY(read_decision(query))};
}

Result<std::vector<Decision>> StoreReader::decisions_about(const std::string& device, uint32_t limit) {
  static const std::string kSql = fmt::format(
      "SELECT * FROM (SELECT {} FROM decisions WHERE device=? ORDER BY number DESC LIMIT ?) ORDER BY number", kDecisionColumns);
  std::vector<Decision> rows;
  Query query = TRY(connection_->query(kSql, device, limit));
  while (TRY(query.next())) rows.push_back(TRY(read_decision(query)));
  return rows;
}

Result<std::vector<AuditEntry>> StoreReader::audit(uint64_t after, uint32_t limit) {
  static const std::string kSql = fmt::format(
      "SELECT {}, canonical, previous_hash, hash, signature FROM decisions WHERE number > ? ORDER BY number LIMIT ?", kDecisionColumns);
  std::vector<AuditEntry> rows;
  Query query = TRY(connection_->query(kSql, after, limit));
  while (TRY(query.next())) {
    AuditEntry entry;
    entry.decision = TRY(read_decision(query));
    entry.canonical = query.text();
    entry.previous_hash = query.text();
    entry.hash = query.text();
    entry.signature = query.text();
    rows.push_back(std::move(entry));
  }
  return rows;
}

}  // namespace assay::collector
