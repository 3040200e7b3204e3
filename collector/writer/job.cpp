// SPDX-License-Identifier: Apache-2.0
#include "collector/writer/job.h"

#include <iterator>
#include <utility>

namespace assay::collector {

Result<StepResult> Ledger::step(const Event& event) {
  StepResult result = core_.step(event, now_);
  TRY(transaction_.apply(result.actions));
  actions_.insert(actions_.end(), result.actions.begin(), result.actions.end());
  return result;
}

Status Ledger::note(Notice notice) {
  const Action action = NoteEvent{now_, std::move(notice)};
  TRY(transaction_.apply(action));
  actions_.push_back(action);
  return {};
}

}  // namespace assay::collector
