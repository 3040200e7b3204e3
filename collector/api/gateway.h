// SPDX-License-Identifier: Apache-2.0
// The front door: finds the route of a request, the identity behind it, and whether the one may use the other; then hands it to
// whoever answers.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>

#include "collector/api/auth.h"
#include "collector/api/read_worker.h"
#include "collector/api/router.h"
#include "collector/api/writes.h"
#include "collector/ingest/report_intake.h"
#include "common/net/https_server.h"

namespace assay::collector {

struct GatewayParts {
  Writer& writer;
  IdentityService& identities;
  TokenBook& tokens;
  ReportIntake& intake;
  ReadWorker& reader;
  Question page;        // GET /
  Question metrics;     // GET /metrics
  const Clock& clock;
};

// Answers by class of status, for metrics; and wrong or missing identities.
struct HttpCounters {
  std::array<uint64_t, 5> replies{};   // 1xx, 2xx, 3xx, 4xx, 5xx
  uint64_t unauthenticated = 0;        // 401 and 429
  uint64_t forbidden = 0;              // 403: the role is too low
};

// Thread-safe. All parts must outlive the gateway and every answer under way.
class Gateway {
 public:
  explicit Gateway(GatewayParts parts);
  // Never blocks; answers through `respond` exactly once.
  void handle(const net::Request& request, const net::Responder& respond);
  HttpCounters counters() const;

 private:
  void dispatch(const net::Request& request, const net::Responder& respond);
  net::Response refuse_identity(const net::Request& request, const Error& error);
  net::Response health() const;
  void answer(const Route& route, const net::Request& request, const Principal& who, const std::string& parameter, const net::Responder& respond);

  GatewayParts parts_;
  FailureLimiter failures_;
  WriteContext writes_;
  std::array<std::atomic<uint64_t>, 5> replies_{};
  std::atomic<uint64_t> unauthenticated_{0}, forbidden_{0};
};

}  // namespace assay::collector
