// SPDX-License-Identifier: Apache-2.0
// What an OpenCL device can do at most, measured by plain kernels that do one thing and digest nothing. Each limit is the quickest of several texts of
// the same work: which vector type and which order of memory a device likes, its driver does not say. One word of every launch is checked, so that
// a loop which a compiler left out is no limit.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "probes/backend/opencl/driver.h"
#include "tests/bench/comparison.h"

namespace assay::bench {

// What is counted, each in independent chains.
enum class Operation {
  kFmaF32,    // x a + b, rounded once: two operations
  kFmaF64,
  kMadU32,    // x a + b modulo 2^32: two operations
  kMulU64,    // both halves of x a: one operation
  kLogicU32,  // rotl(x + a, 7) ^ b: three operations
};

// What is counted are the bytes of a copy that are read; of a triad as many as a copy of the same traffic would read.
enum class Traffic {
  kCopy,   // to = from + 1
  kTriad,  // a = b + 3 c
};

// The whole device, in a context of its own, which outlives every Work of it. One thread. A failure of the driver ends the process (comparison.h).
class OpenclLimits {
 public:
  OpenclLimits(const probes::opencl::Api& api, probes::opencl::DriverDevice device);

  Work operations(Operation operation);
  // On `bytes` of memory in all, pass after pass.
  Work traffic(Traffic traffic, uint64_t bytes);

 private:
  // One text, ready to be launched.
  struct Plan {
    std::string text;
    size_t groups = 1;
    size_t lanes = 1;
    uint64_t bytes = 0;             // of the buffer that is worked on
    double work_per_turn = 0;
  };
  struct Ready;
  Ready make_ready(const Plan& plan, std::span<const std::byte> first, std::span<const std::byte> second) const;
  Work arithmetic(Operation operation, uint32_t width) const;
  Work copy(const Plan& plan) const;
  Work triad(const Plan& plan) const;

  probes::opencl::Api api_;
  probes::opencl::DriverDevice device_;
  probes::opencl::Context context_;
  probes::opencl::Queue queue_;
};

}  // namespace assay::bench
