// SPDX-License-Identifier: Apache-2.0
// The agent's side of its collector: enrols, renews, sends the oldest report, takes acknowledgements and commands. All decisions on when are
// the uplink core's; the calls are the uplink thread's.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "agent/core/uplink.h"
#include "agent/credentials.h"
#include "agent/outbox.h"
#include "agent/uplink_thread.h"
#include "common/model/report.h"

namespace assay::agent {

struct LinkOptions {
  std::string url;                        // "": no collector; reports are built and kept, never sent
  std::filesystem::path token_file;
  std::filesystem::path state_dir;
  std::string node;
  std::string boot_id;
  UplinkOptions uplink;
};

struct LinkFacts {
  bool configured = false;
  bool enrolled = false;
  bool connected = false;
  std::optional<WallTime> certificate_expires;
  std::optional<Instant> last_ack;
  std::string last_error;                 // one line; "" after an acknowledgement
  uint64_t acknowledged = 0;
  uint64_t failures = 0;
  uint64_t rejected = 0;
};

// One owner: the main loop.
class CollectorLink {
 public:
  // Loads the credentials, if there are any. `outbox` must outlive it.
  static Result<std::unique_ptr<CollectorLink>> open(const LinkOptions& options, Outbox& outbox, uint64_t seed, Instant now);

  Uplink& uplink() { return uplink_; }
  // -1 without a collector.
  int descriptor() const { return thread_ ? thread_->descriptor() : -1; }
  MonoTime wake_at(Instant now) const;
  // Takes replies, starts what is due; the collector's commands.
  std::vector<Command> advance(Instant now);
  // A new token file or intervals; failures are forgotten and it tries at once.
  void reconfigure(const LinkOptions& options, Instant now);
  // Forgets pauses, for the last report before the end.
  void hurry(Instant now) { uplink_.forget_failures(now.mono); }
  bool in_flight() const { return uplink_.in_flight(); }
  bool stop(Duration patience) { return !thread_ || thread_->stop(patience); }

  LinkFacts facts() const;

 private:
  CollectorLink(LinkOptions options, Outbox& outbox, uint64_t seed, Instant now);
  void adopt(Credentials credentials);
  bool renewal_due(Instant now) const;
  bool expired(Instant now) const;
  void begin(Instant now);
  void begin_enrolment(Instant now);
  void send(UplinkJob job);
  std::vector<Command> take_report_reply(const UplinkReply& reply, Instant now);
  void pause_renewals(Instant now);
  void take_certificate_reply(const UplinkReply& reply, Instant now);
  void failed(SendFailure failure, const std::string& what, const std::string& next_step, Instant now);
  std::string stamped(const SpooledReport& report, Instant now) const;

  LinkOptions options_;
  Outbox& outbox_;
  Uplink uplink_;
  std::unique_ptr<UplinkThread> thread_;
  std::shared_ptr<const Credentials> credentials_;
  std::optional<crypto::CertificateFacts> certificate_;
  MonoTime renew_after_;                  // no earlier than this, after a renewal
  std::optional<SpooledReport> sending_;
  LinkFacts facts_;
};

}  // namespace assay::agent
