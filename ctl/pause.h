// SPDX-License-Identifier: Apache-2.0
// Waiting between two looks at the collector, ended at once by Ctrl-C: the seam that lets tests of live commands run without time.
#pragma once

#include <memory>

#include "common/base/clock.h"
#include "common/base/file.h"
#include "common/base/result.h"

namespace assay::ctl {

class Pause {
 public:
  virtual ~Pause() = default;
  // False when the user asked to stop (now or earlier).
  virtual bool wait(Duration length) = 0;
};

// Takes SIGINT and SIGTERM of the process for itself when first used: until then they end the program as usual, so a plain command
// stays interruptible. One owner, the main thread.
class SignalPause final : public Pause {
 public:
  bool wait(Duration length) override;

 private:
  UniqueFd signals_;
  bool stopped_ = false;
};

}  // namespace assay::ctl
