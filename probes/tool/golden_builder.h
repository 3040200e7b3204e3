// SPDX-License-Identifier: Apache-2.0
// Makes goldens with the references, and holds every kernel of this machine against them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "common/base/result.h"
#include "common/model/probe_spec.h"

namespace assay::probes {

// What became of one probe of a verification.
struct ProbeProgress {
  ProbeRef probe;
  uint32_t sets = 0;         // operand sets that were looked at
  uint64_t runs = 0;         // of the reference and all variants, a set each; 0: this machine has nothing that runs it
  double seconds = 0;
  size_t findings = 0;
};

struct GoldenJob {
  std::filesystem::path folder;
  std::string probe;  // id; "" for all
  uint32_t sets = 0;  // verify: only so many sets of each, spread evenly; 0 for all
  uint32_t jobs = 1;  // threads
  bool references = false;  // verify: the references as well, not the kernels alone
  std::function<void(const ProbeProgress&)> progress;  // verify: told after each probe; may be empty
};

// Computes every golden with the reference, cross-checks all variants this CPU supports on every set, and writes
// `<probe>.v<version>.golden`. Nothing is written for a probe whose kernels disagree or whose operands break their
// bound.
Status build_goldens(const GoldenJob& job);

// What a verification found wrong: one line each; empty when all is right.
struct VerifyReport {
  std::vector<std::string> findings;
  uint64_t runs = 0;
  std::vector<std::string> variants;   // "int.mul.chain avx2": what ran
};
// Loads the set as a daemon does (MANIFEST must be there) and runs every supported variant of every catalogued probe
// against it.
Result<VerifyReport> verify_goldens(const GoldenJob& job);

}  // namespace assay::probes
