// SPDX-License-Identifier: Apache-2.0
#include "collector/store/migrations.h"

#include <array>

#include <fmt/format.h>

#include "collector/store/store.h"

namespace assay::collector {
namespace {

// Times are nanoseconds since 1970 on the collector's clock unless the column says agent. docs/reference/store.md tells each table.
constexpr char kVersion1[] = R"sql(
CREATE TABLE nodes(
  name TEXT PRIMARY KEY, first_seen_ns INTEGER NOT NULL, last_report_ns INTEGER NOT NULL, clock_skew_ns INTEGER NOT NULL,
  boot_id TEXT NOT NULL, agent_version TEXT NOT NULL, dropped_reports INTEGER NOT NULL, silent INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE streams(
  node TEXT NOT NULL, stream TEXT NOT NULL, sequence INTEGER NOT NULL, updated_ns INTEGER NOT NULL,
  PRIMARY KEY(node, stream)) WITHOUT ROWID;
CREATE TABLE devices(
  id TEXT PRIMARY KEY, node TEXT NOT NULL, kind TEXT NOT NULL, identity_is_hardware INTEGER NOT NULL, model TEXT NOT NULL,
  architecture TEXT NOT NULL, firmware TEXT NOT NULL, socket INTEGER NOT NULL, units TEXT NOT NULL, first_seen_ns INTEGER NOT NULL,
  real_state TEXT NOT NULL, real_since_ns INTEGER NOT NULL, real_incident TEXT NOT NULL, real_decision INTEGER NOT NULL,
  drill_state TEXT NOT NULL, drill_since_ns INTEGER NOT NULL, drill_incident TEXT NOT NULL, drill_decision INTEGER NOT NULL,
  last_quarantine_ns INTEGER, last_mismatch_ns INTEGER, blind INTEGER NOT NULL, blind_drill INTEGER NOT NULL,
  controls INTEGER NOT NULL, controls_missed INTEGER NOT NULL,
  last_report_ns INTEGER NOT NULL, agent_state TEXT NOT NULL, temperature_celsius REAL, power_watts REAL, clock_hertz REAL,
  oldest_cell_age_ns INTEGER NOT NULL, cells INTEGER NOT NULL, cells_covered INTEGER NOT NULL,
  probe_ratio REAL NOT NULL, budget_ratio REAL NOT NULL) WITHOUT ROWID;
CREATE INDEX devices_by_node ON devices(node);
CREATE TABLE device_probes(
  device TEXT NOT NULL, probe TEXT NOT NULL, version INTEGER NOT NULL, match INTEGER NOT NULL, mismatch INTEGER NOT NULL,
  inconclusive INTEGER NOT NULL, last_ns INTEGER NOT NULL, PRIMARY KEY(device, probe, version)) WITHOUT ROWID;
CREATE TABLE device_reasons(
  device TEXT NOT NULL, reason TEXT NOT NULL, count INTEGER NOT NULL, PRIMARY KEY(device, reason)) WITHOUT ROWID;
CREATE TABLE rollups(
  device TEXT NOT NULL, probe TEXT NOT NULL, version INTEGER NOT NULL, hour INTEGER NOT NULL, match INTEGER NOT NULL,
  mismatch INTEGER NOT NULL, inconclusive INTEGER NOT NULL, rechecked INTEGER NOT NULL, controls INTEGER NOT NULL,
  controls_missed INTEGER NOT NULL, busy_ns INTEGER NOT NULL, units BLOB NOT NULL, reasons TEXT NOT NULL,
  temperature_low REAL, temperature_high REAL, power_low REAL, power_high REAL, clock_low REAL, clock_high REAL, last_ns INTEGER NOT NULL,
  PRIMARY KEY(device, probe, version, hour)) WITHOUT ROWID;
CREATE INDEX rollups_by_hour ON rollups(hour);
CREATE TABLE incidents(
  id TEXT PRIMARY KEY, node TEXT NOT NULL, device TEXT NOT NULL, cohort TEXT NOT NULL, unit INTEGER NOT NULL, probe TEXT NOT NULL,
  version INTEGER NOT NULL, tier TEXT NOT NULL, operand_set INTEGER NOT NULL, synthetic TEXT NOT NULL, verdict TEXT NOT NULL,
  source TEXT NOT NULL, status TEXT NOT NULL, actual TEXT, opened_agent_ns INTEGER NOT NULL, updated_agent_ns INTEGER NOT NULL,
  received_ns INTEGER NOT NULL, last_received_ns INTEGER NOT NULL, recurrence INTEGER NOT NULL, unproven INTEGER NOT NULL,
  pending TEXT NOT NULL, decided INTEGER NOT NULL, last_decision TEXT, variant TEXT NOT NULL, body BLOB NOT NULL);
CREATE INDEX incidents_by_device ON incidents(device, received_ns);
CREATE INDEX incidents_by_time ON incidents(received_ns);
CREATE TABLE observations(
  number INTEGER PRIMARY KEY AUTOINCREMENT, node TEXT NOT NULL, device TEXT NOT NULL, probe TEXT NOT NULL, version INTEGER NOT NULL,
  synthetic TEXT NOT NULL, finding TEXT NOT NULL, received_ns INTEGER NOT NULL, body BLOB NOT NULL);
CREATE INDEX observations_by_device ON observations(device, number);
CREATE TABLE decisions(
  number INTEGER PRIMARY KEY, kind TEXT NOT NULL, at_ns INTEGER NOT NULL, actor TEXT NOT NULL, node TEXT NOT NULL, device TEXT NOT NULL,
  incident TEXT NOT NULL, probe TEXT NOT NULL, reason TEXT NOT NULL, synthetic INTEGER NOT NULL, state_after TEXT NOT NULL,
  canonical TEXT NOT NULL, previous_hash TEXT NOT NULL, hash TEXT NOT NULL, signature TEXT NOT NULL);
CREATE INDEX decisions_by_device ON decisions(device, number);
CREATE INDEX decisions_by_incident ON decisions(incident, number);
CREATE TABLE events(
  number INTEGER PRIMARY KEY AUTOINCREMENT, at_ns INTEGER NOT NULL, kind TEXT NOT NULL, node TEXT NOT NULL, device TEXT NOT NULL,
  incident TEXT NOT NULL, synthetic INTEGER NOT NULL, text TEXT NOT NULL);
CREATE TABLE freezes(
  probe TEXT NOT NULL, version INTEGER NOT NULL, cohort TEXT NOT NULL, since_ns INTEGER NOT NULL, reason TEXT NOT NULL,
  decision INTEGER NOT NULL, PRIMARY KEY(probe, version, cohort)) WITHOUT ROWID;
CREATE TABLE breaker_scopes(scope TEXT PRIMARY KEY, since_ns INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE breaker_reset(one INTEGER PRIMARY KEY CHECK(one = 1), at_ns INTEGER NOT NULL);
CREATE TABLE hooks(
  decision INTEGER PRIMARY KEY, action TEXT NOT NULL, node TEXT NOT NULL, device TEXT NOT NULL, incident TEXT NOT NULL,
  reason TEXT NOT NULL, synthetic INTEGER NOT NULL, closed INTEGER NOT NULL, probe TEXT NOT NULL, version INTEGER NOT NULL,
  unit INTEGER NOT NULL, verdict TEXT NOT NULL, status TEXT NOT NULL, attempts INTEGER NOT NULL, exit_code INTEGER,
  detail TEXT NOT NULL, updated_ns INTEGER NOT NULL);
CREATE INDEX hooks_by_incident ON hooks(incident);
CREATE INDEX hooks_by_status ON hooks(status);
CREATE TABLE tokens(
  id TEXT PRIMARY KEY, kind TEXT NOT NULL, name TEXT NOT NULL, node TEXT NOT NULL, secret_hash TEXT NOT NULL,
  created_ns INTEGER NOT NULL, expires_ns INTEGER NOT NULL, used INTEGER NOT NULL, used_ns INTEGER) WITHOUT ROWID;
CREATE TABLE certificates(
  serial TEXT PRIMARY KEY, name TEXT NOT NULL, role TEXT NOT NULL, issued_ns INTEGER NOT NULL, not_after_ns INTEGER NOT NULL,
  revoked INTEGER NOT NULL, revoked_ns INTEGER, revoke_reason TEXT NOT NULL) WITHOUT ROWID;
)sql";

// Readings of accelerators and what their telemetry holds against them, what devices offer, and whether the variant of an incident had run on silicon.
constexpr char kVersion2[] = R"sql(
ALTER TABLE devices ADD COLUMN readings BLOB NOT NULL DEFAULT x'';
ALTER TABLE devices ADD COLUMN last_doubt_ns INTEGER;
CREATE TABLE device_offers(device TEXT PRIMARY KEY, updated_ns INTEGER NOT NULL, body BLOB NOT NULL) WITHOUT ROWID;
ALTER TABLE incidents ADD COLUMN ran_on_silicon INTEGER NOT NULL DEFAULT 0;
)sql";

constexpr std::array<const char*, kSchemaVersion> kSteps = {kVersion1, kVersion2};

Status apply_step(Connection& connection, int version) {
  TRY(connection.script("BEGIN IMMEDIATE"));
  const auto done = [&]() -> Status {
    TRY(connection.script(kSteps[static_cast<size_t>(version - 1)]));
    TRY(connection.script(fmt::format("INSERT INTO schema_version(version) VALUES({})", version)));
    return connection.script("COMMIT");
  }();
  if (!done.ok()) {
    if (connection.in_transaction()) static_cast<void>(connection.script("ROLLBACK"));
    return done.error().in(fmt::format("migration to schema {}", version));
  }
  return {};
}

}  // namespace

Result<int> schema_version(Connection& connection) {
  const auto tables = TRY(connection.integer("SELECT count(*) FROM sqlite_master WHERE type='table' AND name NOT LIKE 'sqlite_%'"));
  if (tables.value_or(0) == 0) return 0;
  const auto known = TRY(connection.integer("SELECT count(*) FROM sqlite_master WHERE type='table' AND name='schema_version'"));
  if (known.value_or(0) == 0) {
    return make_error(ErrorCode::kInvalid, fmt::format("{} is a database of another program; name another file", connection.path().string()));
  }
  return static_cast<int>(TRY(connection.integer("SELECT max(version) FROM schema_version")).value_or(0));
}

Status migrate(Connection& connection) {
  const int found = TRY(schema_version(connection));
  if (found > kSchemaVersion) {
    return make_error(ErrorCode::kUnsupported,
                      fmt::format("store {} has schema {}, this collector knows up to {}; start the newer collector, or restore the backup made "
                                  "before the upgrade", connection.path().string(), found, kSchemaVersion));
  }
  if (found == 0) TRY(connection.script("CREATE TABLE IF NOT EXISTS schema_version(version INTEGER PRIMARY KEY)"));
  for (int version = found + 1; version <= kSchemaVersion; ++version) TRY(apply_step(connection, version));
  return {};
}

}  // namespace assay::collector
