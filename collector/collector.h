// SPDX-License-Identifier: Apache-2.0
// The whole collector, put together: opens the state directory, starts the threads, and takes them down again in the right
// order.
#pragma once

#include <memory>
#include <mutex>

#include "collector/api/gateway.h"
#include "collector/config.h"
#include "collector/hooks/hook_executor.h"
#include "collector/identity/server_identity.h"
#include "collector/state_dir.h"
#include "common/base/clock.h"
#include "common/base/result.h"
#include "common/net/https_server.h"
#include "probes/goldens/golden_set.h"

namespace assay::collector {

// Owned by the main thread; all functions are its.
class Collector {
 public:
  // Opens everything and listens. `clock` must outlive the collector. Errors name the file, key or address; kConflict when
  // another collector runs on the state directory.
  static Result<std::unique_ptr<Collector>> start(const Config& config, const Clock& clock);
  ~Collector();  // stop(0)

  uint16_t port() const { return server_->port(); }
  // Takes over what may change while running: policy, hooks, retention, log level. The rest waits for a restart; false then.
  bool reload(const Config& config);
  // To be called now and then: renews the server's certificate when its time has come.
  void maintain();
  // Whether the writer still goes round its loop: what the service manager's watchdog is told.
  bool alive() const;
  // Lets what is under way be answered for at most `patience`, then stops all threads.
  void stop(Duration patience);

 private:
  Collector(const Config& config, const Clock& clock, StateDir state, probes::GoldenSet goldens);
  Status open(const ServerIdentity& identity);
  Status start_writer(Store store);
  void committed(const std::vector<Action>& actions);
  void hook_finished(const HookFinished& finished);
  net::Response page(ReadContext& context) const;
  net::Response metrics(ReadContext& context) const;

  Config config_;
  const Clock& clock_;
  StateDir state_;
  const probes::GoldenSet goldens_;
  const ProbeBook book_;
  const WallTime started_;
  WallTime ca_not_after_;
  mutable std::mutex mutex_;                   // of server_not_after_, and of server_ while it is set: /metrics reads both
  WallTime server_not_after_;
  TokenBook tokens_;
  CertificateBook certificates_;
  // In the order they are started; stopped in the reverse one.
  std::unique_ptr<HookExecutor> hooks_;
  std::unique_ptr<Writer> writer_;
  std::unique_ptr<IdentityService> identities_;
  std::unique_ptr<ReportIntake> intake_;
  std::unique_ptr<ReadWorker> reader_;
  std::unique_ptr<Gateway> gateway_;
  std::unique_ptr<net::HttpsServer> server_;
};

}  // namespace assay::collector
