// SPDX-License-Identifier: Apache-2.0
// What a probe's outputs must be, word for word, so that the device can compare on the spot. Computed by the host; nobody trusts them before their
// digest is the golden.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "probes/backend/device/word_cache.h"
#include "probes/backend/host/kernel.h"

namespace assay::probes::device {

class ExpectedWords {
 public:
  virtual ~ExpectedWords() = default;
  // The outputs of all steps, in order; nullptr where this host cannot compute them or they are too large to be worth it. One thread.
  virtual SharedWords compute(std::string_view probe, uint32_t operand_set) = 0;
};

// By the strongest kernel of the host backend. Takes about as long as a run of the probe on a core.
class HostWords final : public ExpectedWords {
 public:
  static constexpr uint64_t kMostBytes = 64 * 1024;  // of one operand set
  SharedWords compute(std::string_view probe, uint32_t operand_set) override;

 private:
  host::Kernel* kernel_of(std::string_view probe);

  std::string probe_;                     // of kernel_
  std::unique_ptr<host::Kernel> kernel_;  // nullptr: none for that probe
};

}  // namespace assay::probes::device
