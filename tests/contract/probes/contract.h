// SPDX-License-Identifier: Apache-2.0
// What the probe contract tests share: the goldens, requests, and the list of every probe and variant of the build.
#pragma once

#include <chrono>
#include <ostream>
#include <string>
#include <vector>

#include "probes/backend/host/frame.h"
#include "probes/backend/host/kernel.h"
#include "probes/backend/host/pinning.h"
#include "probes/catalogue/catalogue.h"
#include "probes/goldens/golden_set.h"
#include "tests/support/runner_process.h"
#include "tests/support/sanitized.h"

namespace assay::test {

inline const probes::GoldenSet& goldens() {
  static const auto kSet = [] {
    auto loaded = probes::GoldenSet::load(golden_folder());
    if (!loaded) ADD_FAILURE() << loaded.error().message;
    return loaded ? std::move(*loaded) : probes::GoldenSet();
  }();
  return kSet;
}

// One probe in one variant that this CPU can run.
struct Subject {
  const ProbeSpec* spec;
  std::string variant;
};
inline std::ostream& operator<<(std::ostream& out, const Subject& subject) { return out << subject.spec->ref.id << " " << subject.variant; }

// Probes between CPUs are unsupported where there is only one.
inline bool has_cpus_for(const probes::host::KernelEntry& entry) { return entry.cpus_needed <= probes::host::allowed_cpus().size(); }

// Every variant of every probe of the catalogue: a new one is picked up here.
inline std::vector<Subject> subjects() {
  std::vector<Subject> all;
  for (const ProbeSpec& spec : probes::catalogue()) {
    for (const auto& entry : probes::host::kernels()) {
      if (entry.probe_id == spec.ref.id && probes::host::is_supported(entry) && has_cpus_for(entry)) {
        all.push_back({&spec, std::string(to_string(entry.variant))});
      }
    }
  }
  return all;
}
// One a probe, with the variant the runner would use.
inline std::vector<Subject> best_subjects() {
  std::vector<Subject> all;
  for (const ProbeSpec& spec : probes::catalogue()) {
    if (const auto* entry = probes::host::best_kernel(spec.ref.id); entry != nullptr && has_cpus_for(*entry)) all.push_back({&spec, std::string(to_string(entry->variant))});
  }
  return all;
}

// What faults are planted in: every variant; with sanitizers one a probe, for the release build of these tests runs beside it and has all
// (CMakeLists.txt).
inline std::vector<Subject> fault_subjects() { return kSanitized ? best_subjects() : subjects(); }

// The one that tests of the runner itself are made with.
inline Subject quick_subject() { return {probes::find_probe("int.mul.chain"), "scalar"}; }

inline std::string test_name(const testing::TestParamInfo<Subject>& info) {
  std::string name = info.param.spec->ref.id + "_" + info.param.variant;
  for (char& c : name) c = c == '.' ? '_' : c;
  return name;
}

// `runs` operand sets from `first_set` on the first allowed CPU.
inline probes::RunRequest request_for(const Subject& subject, uint32_t first_set, uint32_t runs) {
  probes::RunRequest request;
  request.id = 1 + first_set;
  request.probe = subject.spec->ref;
  request.variant = subject.variant;
  request.cpus = probes::host::allowed_cpus();
  request.work = {{0, first_set}};
  request.set_count = runs;
  request.max_runs = runs;
  request.budget = std::chrono::seconds{30};
  request.report_digests = true;
  if (const auto* table = goldens().find(request.probe)) {
    request.goldens = table->digests;
    request.golden_hash = table->hash;
  }
  return request;
}

inline probes::RunResult run(const probes::RunRequest& request, bool allow_injection = false) {
  static const std::atomic<bool> kNever{false};
  // One frame for all, as in a runner that stays: memory under test is had once. Rests of a second would only cost time here.
  const auto options = [](bool allow) {
    return probes::host::FrameOptions{allow, false, FsRoot(), std::chrono::minutes{1}, -1, std::chrono::milliseconds{1}};
  };
  static const probes::host::Frame kGuarded(probes::host::built_in_kernels(), options(false));
  static const probes::host::Frame kDrills(probes::host::built_in_kernels(), options(true));
  return (allow_injection ? kDrills : kGuarded).run(request, kNever);
}

}  // namespace assay::test
