// SPDX-License-Identifier: Apache-2.0
// One piece of work for the writer: what it changes inside the transaction, and what is said once that is durable.
#pragma once

#include <functional>
#include <vector>

#include "collector/core/fleet_core.h"
#include "collector/store/store.h"
#include "common/base/clock.h"
#include "common/base/result.h"

namespace assay::collector {

// What a job may touch while it is applied. Several jobs share one transaction; a job sees what the ones before it did.
class Ledger {
 public:
  Ledger(Store::Transaction& transaction, FleetCore& core, WallTime now) : transaction_(transaction), core_(core), now_(now) {}

  // Asks the rules, and puts what they want saved into the transaction. An error is the store's and ends the whole group; an
  // operator's event that was refused is a StepResult whose status says so.
  Result<StepResult> step(const Event& event);
  // A line of the fleet's diary that does not come from the rules (identities, refusals).
  Status note(Notice notice);

  Store::Transaction& transaction() { return transaction_; }
  const FleetCore& core() const { return core_; }
  WallTime now() const { return now_; }
  // Everything of all jobs so far, in order: hooks to start and lines to log once the group is committed.
  const std::vector<Action>& actions() const { return actions_; }

 private:
  Store::Transaction& transaction_;
  FleetCore& core_;
  const WallTime now_;
  std::vector<Action> actions_;
};

// Called on the writer thread after the commit; must be short.
using Answer = std::function<void()>;

struct Job {
  // Called on the writer thread inside the transaction. An error is one of the store: the whole group is rolled back. What is
  // wrong with the request itself is told by the answer.
  std::function<Result<Answer>(Ledger&)> apply;
  // Called instead of the answer when the group was not committed, or the job was never tried. Nothing was kept.
  std::function<void(const Error&)> refuse;
};

}  // namespace assay::collector
