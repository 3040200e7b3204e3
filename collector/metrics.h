// SPDX-License-Identifier: Apache-2.0
// GET /metrics: everything the collector exports, made anew for each scrape from numbers that others keep. The only file of the
// collector that knows prometheus-cpp is metrics.cpp. docs/reference/metrics-collector.md lists the series.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "collector/api/gateway.h"
#include "collector/ingest/report_intake.h"
#include "collector/store/rows.h"
#include "collector/writer/writer.h"
#include "common/base/clock.h"
#include "common/net/https_server.h"

namespace assay::collector {

struct MetricsInput {
  FleetSnapshot fleet;
  WriterCounters writer;
  IntakeCounters intake;
  HttpCounters http;
  net::ServerCounters server;
  std::vector<DeviceRow> devices;
  std::vector<NodeRecord> nodes;
  std::vector<ProbeTotals> probes;
  WallTime started;
  WallTime now;
  WallTime server_certificate_not_after;
  WallTime ca_certificate_not_after;
  std::optional<uint64_t> resident_bytes;
};

// Prometheus text exposition format 0.0.4.
std::string render_metrics(const MetricsInput& input);

}  // namespace assay::collector
