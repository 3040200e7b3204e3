// SPDX-License-Identifier: Apache-2.0
#include "collector/store/reader.h"

#include <algorithm>

#include <fmt/format.h>

#include "collector/store/connection.h"
#include "collector/store/load_state.h"
#include "collector/store/migrations.h"
#include "collector/store/row_codec.h"
#include "collector/store/store.h"
#include "common/wire/report_wire.h"

namespace assay::collector {
namespace {

// DeviceRecord::shown() in SQL.
constexpr char kShownState[] =
    "(CASE WHEN drill_state='unknown' OR real_state IN ('suspect','confirming','quarantined','in_repair','retired') THEN real_state "
    "ELSE drill_state END)";

Status add_node_facts(Connection& db, DeviceRow& row) {
  Query node = TRY(db.query("SELECT silent, clock_skew_ns FROM nodes WHERE name=?", row.record.node));
  if (!TRY(node.next())) return {};
  row.silent = node.flag();
  row.clock_skew = node.duration();
  return {};
}

}  // namespace

Result<StoreReader> StoreReader::open(const std::filesystem::path& path) {
  auto connection = TRY(Connection::open(path, OpenMode::kReadOnly));
  const int version = TRY(schema_version(*connection));
  if (version != kSchemaVersion) {
    return make_error(ErrorCode::kUnsupported,
                      fmt::format("store {} has schema {}, this program reads {}; start the collector first", path.string(), version, kSchemaVersion));
  }
  return StoreReader(std::move(connection));
}

StoreReader::StoreReader(std::unique_ptr<Connection> connection) : connection_(std::move(connection)) {}
StoreReader::StoreReader(StoreReader&&) noexcept = default;
StoreReader& StoreReader::operator=(StoreReader&&) noexcept = default;
StoreReader::~StoreReader() = default;

Result<std::vector<DeviceRow>> StoreReader::devices(const DeviceFilter& filter, uint32_t limit) {
  static const std::string kSql = fmt::format("SELECT {} FROM devices WHERE (?1='' OR {}=?1) AND (?2='' OR node=?2) ORDER BY id LIMIT ?3",
                                              kDeviceColumns, kShownState);
  std::vector<DeviceRow> rows;
  Query query = TRY(connection_->query(kSql, filter.state, filter.node, limit));
  while (TRY(query.next())) {
    DeviceRow row;
    row.record = TRY(read_device(query));
    rows.push_back(std::move(row));
  }
  for (DeviceRow& row : rows) {
    row.counts = TRY(load_counts(*connection_, row.record.device.id));
    TRY(add_node_facts(*connection_, row));
  }
  return rows;
}

Result<std::optional<DeviceRow>> StoreReader::device(const std::string& id) {
  static const std::string kSql = fmt::format("SELECT {} FROM devices WHERE id=?", kDeviceColumns);
  DeviceRow row;
  {
    Query query = TRY(connection_->query(kSql, id));
    if (!TRY(query.next())) return std::optional<DeviceRow>{};
    row.record = TRY(read_device(query));
  }
  row.counts = TRY(load_counts(*connection_, id));
  TRY(add_node_facts(*connection_, row));
  return std::optional<DeviceRow>{std::move(row)};
}

Result<std::vector<ProbeOffer>> StoreReader::offers(const std::string& device) {
  Query query = TRY(connection_->query("SELECT body FROM device_offers WHERE device=?", device));
  if (!TRY(query.next())) return std::vector<ProbeOffer>{};
  return wire::decode_offers(query.blob());
}

Result<std::vector<QuarantineRow>> StoreReader::quarantine(uint32_t limit) {
  static const std::string kSql =
      fmt::format("SELECT {} FROM devices WHERE real_state='quarantined' OR drill_state='quarantined'", kDeviceColumns);
  std::vector<QuarantineRow> rows;
  {
    Query query = TRY(connection_->query(kSql));
    while (TRY(query.next())) {
      const DeviceRecord record = TRY(read_device(query));
      if (record.real.state == DeviceState::kQuarantined) rows.push_back({record, false, {}, {}, {}});
      if (record.drill.state == DeviceState::kQuarantined) rows.push_back({record, true, {}, {}, {}});
    }
  }
  const auto standing = [](const QuarantineRow& row) -> const Standing& { return row.synthetic ? row.record.drill : row.record.real; };
  std::sort(rows.begin(), rows.end(), [&](const auto& a, const auto& b) { return standing(a).since > standing(b).since; });
  if (rows.size() > limit) rows.resize(limit);
  for (QuarantineRow& row : rows) {
    row.incident = TRY(incident_view(standing(row).incident_id));
    row.decision = TRY(decision(standing(row).decision));
    row.hook = TRY(hook(standing(row).decision));
  }
  return rows;
}

Result<std::vector<EventRow>> StoreReader::events(uint64_t after, uint32_t limit) {
  std::vector<EventRow> rows;
  Query query = TRY(connection_->query(
      "SELECT number, at_ns, kind, node, device, incident, synthetic, text FROM events WHERE number > ? ORDER BY number LIMIT ?", after, limit));
  while (TRY(query.next())) {
    EventRow row;
    row.number = query.count();
    row.at = query.time();
    row.notice.kind = query.text();
    row.notice.node = query.text();
    row.notice.device_id = query.text();
    row.notice.incident_id = query.text();
    row.notice.synthetic = query.flag();
    row.notice.text = query.text();
    rows.push_back(std::move(row));
  }
  return rows;
}

Result<uint64_t> StoreReader::last_event() {
  // The sequence survives the deletion of old rows.
  return static_cast<uint64_t>(TRY(connection_->integer("SELECT seq FROM sqlite_sequence WHERE name='events'")).value_or(0));
}

Result<std::vector<HookRecord>> StoreReader::hooks(uint32_t limit) {
  static const std::string kSql = fmt::format("SELECT {} FROM hooks ORDER BY decision DESC LIMIT ?", kHookColumns);
  std::vector<HookRecord> rows;
  Query query = TRY(connection_->query(kSql, limit));
  while (TRY(query.next())) rows.push_back(TRY(read_hook(query)));
  return rows;
}

Result<std::optional<HookRecord>> StoreReader::hook(uint64_t decision) {
  static const std::string kSql = fmt::format("SELECT {} FROM hooks WHERE decision=?", kHookColumns);
  Query query = TRY(connection_->query(kSql, decision));
  if (!TRY(query.next())) return std::optional<HookRecord>{};
  return std::optional<HookRecord>{TRY(read_hook(query))};
}

Result<std::vector<ProbeTotals>> StoreReader::probe_totals() {
  std::vector<ProbeTotals> rows;
  Query query = TRY(connection_->query(
      "SELECT probe, version, sum(match), sum(mismatch), sum(inconclusive) FROM device_probes GROUP BY probe, version ORDER BY probe, version"));
  while (TRY(query.next())) {
    ProbeTotals row;
    row.probe = read_probe(query);
    row.match = query.count();
    row.mismatch = query.count();
    row.inconclusive = query.count();
    rows.push_back(std::move(row));
  }
  return rows;
}

Result<std::vector<Rollup>> StoreReader::rollups(const std::string& device, int64_t from_hour, uint32_t limit) {
  static const std::string kSql =
      fmt::format("SELECT {} FROM rollups WHERE device=? AND hour >= ? ORDER BY hour, probe, version LIMIT ?", kRollupColumns);
  std::vector<Rollup> rows;
  Query query = TRY(connection_->query(kSql, device, from_hour, limit));
  while (TRY(query.next())) rows.push_back(TRY(read_rollup(query)));
  return rows;
}

Result<std::vector<NodeRecord>> StoreReader::nodes(uint32_t limit) {
  static const std::string kSql = fmt::format("SELECT {} FROM nodes ORDER BY name LIMIT ?", kNodeColumns);
  std::vector<NodeRecord> rows;
  Query query = TRY(connection_->query(kSql, limit));
  while (TRY(query.next())) rows.push_back(read_node(query));
  return rows;
}

}  // namespace assay::collector
