// SPDX-License-Identifier: Apache-2.0
// When a report is built, and when one is sent: every interval with jitter, at once when there is evidence, one in flight at a time, with
// growing pauses after failures.
#pragma once

#include <cstdint>

#include "common/base/clock.h"
#include "common/base/random.h"

namespace assay::agent {

struct UplinkOptions {
  Duration report_interval{std::chrono::seconds{15}};
  double jitter_ratio = 0.2;                           // of the interval and of every pause, both ways
  Duration first_pause{std::chrono::seconds{1}};
  Duration longest_pause{std::chrono::minutes{2}};
  Duration refused_pause{std::chrono::minutes{5}};     // after the collector refused our identity or our report
};

enum class SendFailure : uint8_t {
  kUnreachable,   // no connection, timeout, 5xx, 429: later
  kRefused,       // 401 or 403: the identity is not accepted; an operator must act
  kRejected,      // another 4xx: the collector will never take this report; it is set aside and the next one is tried
};

// Pure; the caller gives the time. At least once: a report is sent until it is acknowledged. Not thread-safe.
class Uplink {
 public:
  Uplink(const UplinkOptions& options, uint64_t seed, MonoTime now);

  // Something that must not wait for the interval.
  void evidence_waits() { evidence_ = true; }
  // Whether a report is to be built now, and that it was.
  bool report_due(MonoTime now) const { return evidence_ || now >= next_report_; }
  void report_built(MonoTime now);

  // Whether to send the oldest waiting report now, and that it is on its way.
  bool may_send(bool reports_wait, MonoTime now) const { return reports_wait && !in_flight_ && now >= pause_until_; }
  void sent();
  void acknowledged(MonoTime now);
  void failed(SendFailure failure, MonoTime now);
  // New identity or configuration: try at once.
  void forget_failures(MonoTime now);

  bool in_flight() const { return in_flight_; }
  bool connected() const { return connected_; }            // the last exchange was answered
  uint32_t failures_in_a_row() const { return failures_; }
  // When report_due() or may_send() may next become true.
  MonoTime wake_at(bool reports_wait) const;
  void reconfigure(const UplinkOptions& options, MonoTime now);

 private:
  Duration jittered(Duration around);
  UplinkOptions options_;
  Random random_;
  MonoTime next_report_;
  MonoTime pause_until_;
  uint32_t failures_ = 0;
  bool evidence_ = false;
  bool in_flight_ = false;
  bool connected_ = false;
};

}  // namespace assay::agent
