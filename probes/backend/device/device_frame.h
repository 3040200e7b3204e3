// SPDX-License-Identifier: Apache-2.0
// The frame around probes of an accelerator: deals the work of a slice to launches, plants faults, compares once more on the host, and says what it
// was. Same contract as the frame of the host (probes/backend/host/frame.h); the library behind Accelerator only computes.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <string>

#include "common/base/clock.h"
#include "probes/backend/device/accelerator.h"
#include "probes/backend/device/expected_words.h"
#include "probes/backend/device/launch_pace.h"
#include "probes/backend/device/word_cache.h"
#include "probes/runner/protocol.h"

namespace assay::probes::device {

struct DeviceFrameOptions {
  bool allow_injection = false;             // honour drills; controls need no switch
  int stop_descriptor = -1;                 // readable once the stop flag of run() is true: ends the idle of power steps; -1: none
  uint64_t job_bytes = 128ULL << 20;        // of operand sets on the device at once
  uint64_t cache_bytes = 32ULL << 20;       // of operands, and again of expected words, kept on the host from one slice to the next
  Duration diagnosis_time{std::chrono::seconds{1}};  // all repeats for records of wrong words together
};

// What is said of units that had no run because a backend gave this error.
Inconclusive reason_of(const Error& error);

// Runs requests one after another. One thread. Both arguments outlive it.
class DeviceFrame {
 public:
  DeviceFrame(Accelerator& accelerator, ExpectedWords& expected, DeviceFrameOptions options = {});

  // Never fails: what could not be measured is inconclusive with a reason, and `detail` says why in words. Ends at most 10 ms after the budget or
  // soon after `stop`, but for repeats after a mismatch. May hang or end the process, as the driver below does.
  RunResult run(const RunRequest& request, const std::atomic<bool>& stop);

  // The device is gone, or this process can use it no more: answer, and end.
  bool is_lost() const { return lost_; }

 private:
  friend class DeviceSlice;

  Accelerator& accelerator_;
  ExpectedWords& expected_;
  const DeviceFrameOptions options_;
  const std::vector<Offer> offers_;
  WordCache operand_cache_;
  WordCache expected_cache_;
  std::map<std::string, LaunchPace> paces_;  // by probe and variant
  bool lost_ = false;
};

}  // namespace assay::probes::device
