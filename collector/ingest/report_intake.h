// SPDX-License-Identifier: Apache-2.0
// Where reports come in: checks that the agent speaks for its own node, decodes, hands the report to the writer, and acknowledges
// when it is durable.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>

#include "collector/api/auth.h"
#include "collector/writer/writer.h"
#include "common/base/clock.h"
#include "common/net/https_server.h"

namespace assay::collector {

// Counts since the start, for metrics.
struct IntakeCounters {
  uint64_t accepted = 0;
  uint64_t duplicate = 0;
  uint64_t wrong_identity = 0;   // the certificate is another node's
  uint64_t invalid = 0;          // not decodable
  uint64_t too_large = 0;        // over a limit of limits.h
  uint64_t unavailable = 0;      // could not be stored: the agent keeps it and sends it again
  uint64_t bytes = 0;            // bodies of all of them
};

// Thread-safe.
class ReportIntake {
 public:
  // Bodies of reports that wait for the writer at most; decoded they take some three times as much memory.
  static constexpr uint64_t kWaitingBytes = 128 * 1024 * 1024;

  ReportIntake(Writer& writer, const Clock& clock) : writer_(writer), clock_(clock) {}

  // `who` is the agent by its certificate. 200 with an acknowledgement, 400, 403, 413 or 503.
  void handle(const net::Request& request, const Principal& who, const net::Responder& respond);
  IntakeCounters counters() const;

 private:
  void refuse_identity(const std::string& agent, const std::string& node, const net::Responder& respond);
  void store(Report report, uint64_t bytes, const net::Responder& respond);

  Writer& writer_;
  const Clock& clock_;
  std::atomic<uint64_t> accepted_{0}, duplicate_{0}, wrong_identity_{0}, invalid_{0}, too_large_{0}, unavailable_{0}, bytes_{0};
  std::atomic<uint64_t> waiting_bytes_{0};
  std::mutex mutex_;                              // of what follows
  std::map<std::string, MonoTime> accused_;       // agents whose wrong reports were noted, and when
};

}  // namespace assay::collector
