// SPDX-License-Identifier: Apache-2.0
// The OpenCL devices of this machine, for tests that run on whatever is there: PoCL (Debian's pocl-opencl-icd) in CI, a GPU where there is one.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "probes/backend/device/accelerator.h"
#include "probes/backend/device/portable.h"

namespace assay::probes::opencl {

// The first device, open, with faults allowed; nullptr without one. Opened once for all tests of a binary: drivers take their time.
device::Accelerator* first_device();
// Why there is none, in words for GTEST_SKIP.
const std::string& no_device();

#define ASSAY_NEEDS_OPENCL()                                     \
  if (first_device() == nullptr) {                               \
    GTEST_SKIP() << no_device();                                 \
  }                                                              \
  static_cast<void>(0)

// A job with what its spans look at.
class OpenclJob {
 public:
  // Run i of the n-th unit computes set number sets[(i + n) mod sets.size()]: neighbours never compute the same set at once (a Latin square).
  OpenclJob(const device::Program& program, std::vector<uint32_t> sets, uint32_t units, uint32_t runs);

  device::Job job;
  std::vector<uint32_t> sets;
  void expect(std::vector<std::vector<uint64_t>> words);   // by slot: the device compares
  void golden(uint32_t slot, Digest digest) { sets_[slot].golden = digest; }
  uint32_t set_of(uint32_t position, uint32_t run) const { return sets[(run + position) % sets.size()]; }

 private:
  std::vector<std::vector<uint64_t>> operands_;
  std::vector<std::vector<uint64_t>> expected_;
  std::vector<device::JobSet> sets_;
  std::vector<device::JobUnit> units_;
};

// The job on the first device; a failure of the driver fails the test.
device::JobResult run_on_device(const device::Job& job);

}  // namespace assay::probes::opencl
