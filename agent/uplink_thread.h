// SPDX-License-Identifier: Apache-2.0
// The one thread of the agent that speaks with the collector: it takes jobs, makes blocking HTTPS calls, and hands back what came of them.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include "agent/credentials.h"
#include "common/base/bounded_queue.h"
#include "common/base/file.h"
#include "common/base/result.h"

namespace assay::agent {

enum class JobKind : uint8_t { kReport, kEnrol, kRenew };

struct UplinkJob {
  JobKind kind = JobKind::kReport;
  std::string url;
  std::string node;
  std::shared_ptr<const Credentials> credentials;   // kReport, kRenew
  std::string body;                                 // kReport: the encoded report
  EnrolToken token;                                 // kEnrol
};

struct UplinkReply {
  JobKind kind = JobKind::kReport;
  std::optional<Error> error;                       // nobody answered
  int status = 0;                                   // HTTP, when somebody did
  std::string body;                                 // of the answer
  std::optional<Credentials> credentials;           // kEnrol, kRenew: what was issued
};

// One job at a time is the rule of its owner. Thread-safe.
class UplinkThread {
 public:
  static constexpr std::chrono::seconds kCallTimeout{8};   // of one call: a stop of the agent need not wait longer

  static Result<std::unique_ptr<UplinkThread>> start();
  UplinkThread(const UplinkThread&) = delete;
  UplinkThread& operator=(const UplinkThread&) = delete;
  ~UplinkThread();

  // False when a job waits already.
  bool submit(UplinkJob job) { return jobs_.try_push(std::move(job)); }
  // Readable when a reply waits.
  int descriptor() const { return ready_.get(); }
  std::optional<UplinkReply> take();
  // Ends the thread after the call it is in; false when that did not end within `patience`.
  bool stop(Duration patience);

 private:
  explicit UplinkThread(UniqueFd ready);
  void run();

  UniqueFd ready_;                    // eventfd
  BoundedQueue<UplinkJob> jobs_{2};
  BoundedQueue<UplinkReply> replies_{4};
  BoundedQueue<int> ended_{1};
  std::thread thread_;
};

}  // namespace assay::agent
