// SPDX-License-Identifier: Apache-2.0
#include "collector/store/retention.h"

#include <chrono>

namespace assay::collector {

Result<uint64_t> delete_old_rows(Connection& connection, const Retention& retention, WallTime now, uint32_t batch) {
  uint64_t deleted = 0;
  const int64_t hour = std::chrono::floor<std::chrono::hours>(now - retention.rollups).time_since_epoch().count();
  TRY(connection.run("DELETE FROM rollups WHERE (device, probe, version, hour) IN "
                     "(SELECT device, probe, version, hour FROM rollups WHERE hour < ? LIMIT ?)", hour, batch));
  deleted += connection.changes();
  // Numbers ascend with time, so the oldest are the first: no index on the time is needed.
  TRY(connection.run("DELETE FROM events WHERE number IN (SELECT number FROM (SELECT number, at_ns FROM events ORDER BY number LIMIT ?2) "
                     "WHERE at_ns < ?1)", now - retention.events, batch));
  deleted += connection.changes();
  TRY(connection.run("DELETE FROM streams WHERE (node, stream) IN (SELECT node, stream FROM streams WHERE updated_ns < ? LIMIT ?)",
                     now - retention.streams, batch));
  deleted += connection.changes();
  TRY(connection.run("DELETE FROM tokens WHERE id IN (SELECT id FROM tokens WHERE expires_ns < ? LIMIT ?)", now - retention.identities, batch));
  deleted += connection.changes();
  TRY(connection.run("DELETE FROM certificates WHERE serial IN (SELECT serial FROM certificates WHERE not_after_ns < ? LIMIT ?)",
                     now - retention.identities, batch));
  return deleted + connection.changes();
}

}  // namespace assay::collector
