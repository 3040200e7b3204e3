// SPDX-License-Identifier: Apache-2.0
#include "probes/tool/golden_builder.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <functional>
#include <mutex>
#include <thread>

#include "assay_version.h"
#include "common/base/file.h"
#include "common/base/log.h"
#include "probes/backend/host/kernel.h"
#include "probes/backend/host/plain_run.h"
#include "probes/catalogue/catalogue.h"
#include "probes/goldens/golden_file.h"
#include "probes/goldens/golden_set.h"
#include "probes/reference/reference.h"

namespace assay::probes {
namespace {

using Work = std::function<Status(uint32_t set)>;

// Calls work(set) for each of the sets on so many threads; the first error ends it.
Status for_each_set(const std::vector<uint32_t>& sets, uint32_t jobs, const std::function<Work()>& make_work) {
  std::atomic<size_t> next{0};
  std::mutex mutex;
  Status outcome;
  const auto loop = [&] {
    const Work work = make_work();
    for (size_t i = next++; i < sets.size(); i = next++) {
      Status done = work(sets[i]);
      if (done.ok()) continue;
      const std::lock_guard lock(mutex);
      if (outcome.ok()) outcome = std::move(done);
      next = sets.size();
    }
  };
  std::vector<std::thread> threads;
  for (uint32_t i = 1; i < jobs; ++i) threads.emplace_back(loop);
  loop();
  for (std::thread& thread : threads) thread.join();
  return outcome;
}

std::vector<uint32_t> spread(uint32_t of, uint32_t wanted) {
  const uint32_t count = wanted == 0 ? of : std::min(wanted, of);
  std::vector<uint32_t> sets(count);
  for (uint32_t i = 0; i < count; ++i) sets[i] = static_cast<uint32_t>(uint64_t{i} * of / count);
  return sets;
}

std::vector<const host::KernelEntry*> variants_of(std::string_view probe_id) {
  std::vector<const host::KernelEntry*> found;
  for (const host::KernelEntry& entry : host::kernels()) {
    if (entry.probe_id == probe_id && host::is_supported(entry)) found.push_back(&entry);
  }
  return found;
}

// Runs one variant on the sets; `found` gets set and digest. kUnavailable without memory.
Status run_variant(const host::KernelEntry& entry, const std::vector<uint32_t>& sets, uint32_t jobs,
                   const std::function<void(uint32_t, const Digest&)>& found) {
  std::mutex mutex;
  return for_each_set(sets, jobs, [&]() -> Work {
    const std::shared_ptr<host::Kernel> kernel = entry.make({});
    return [&, kernel](uint32_t set) -> Status {
      if (!kernel)
        return make_error(ErrorCode::kUnavailable, fmt::format("{}: no memory for its operands", entry.probe_id));
      const Digest digest = host::plain_run(*kernel, set);
      const std::lock_guard lock(mutex);
      found(set, digest);
      return {};
    };
  });
}

std::string disagreement(const ProbeSpec& probe, host::Variant variant, uint32_t set, const Digest& expected,
                         const Digest& actual) {
  return fmt::format("{} set {}: variant {} gives {}, the golden is {}", to_string(probe.ref), set,
                     host::to_string(variant), to_hex(actual), to_hex(expected));
}

Result<std::vector<Digest>> reference_digests(const ProbeSpec& probe, uint32_t jobs) {
  std::vector<Digest> digests(probe.operand_sets);
  const auto one = [&](uint32_t set) -> Status {
    digests[set] = TRY(reference::digest(probe.ref.id, set));
    return {};
  };
  const Status done = for_each_set(spread(probe.operand_sets, 0), jobs, [&] { return Work(one); });
  if (!done.ok()) return done.error().in(to_string(probe.ref));
  return digests;
}

Status build_one(const ProbeSpec& probe, const GoldenJob& job) {
  const std::vector<Digest> digests = TRY(reference_digests(probe, job.jobs));
  for (const host::KernelEntry* entry : variants_of(probe.ref.id)) {
    std::string finding;
    Status ran =
        run_variant(*entry, spread(probe.operand_sets, 0), job.jobs, [&](uint32_t set, const Digest& digest) {
          if (digest != digests[set]) finding = disagreement(probe, entry->variant, set, digests[set], digest);
        });
    if (!ran.ok()) return ran;
    if (!finding.empty()) return make_error(ErrorCode::kConflict, finding + "; nothing is written");
  }
  GoldenFile golden;
  golden.probe = probe.ref;
  golden.tier = probe.tier;
  golden.builder = fmt::format("assay-golden {} (reference, {})", kVersion, __VERSION__);
  golden.definition = fmt::format("probes/catalogue/{}.h", probe.family);
  golden.digests = digests;
  return write_file_atomic(job.folder / golden_file_name(probe.ref), format_golden(golden));
}

// The reference of a probe on so many sets, against the golden set.
Status verify_reference(const ProbeSpec& probe, const GoldenJob& job, const GoldenTable& table, VerifyReport& report) {
  std::mutex mutex;
  const auto one = [&](uint32_t set) -> Status {
    const Digest digest = TRY(reference::digest(probe.ref.id, set));
    const std::lock_guard lock(mutex);
    ++report.runs;
    if (digest != table.digests[set]) {
      report.findings.push_back(fmt::format("{} set {}: the reference gives {}, the golden is {}", to_string(probe.ref), set, to_hex(digest),
                                            to_hex(table.digests[set])));
    }
    return {};
  };
  Status done = for_each_set(spread(probe.operand_sets, job.sets), job.jobs, [&] { return Work(one); });
  if (!done.ok()) return done.error().in(to_string(probe.ref));
  return done;
}

// Everything of this machine that computes the probe, against the golden set.
Status verify_probe(const ProbeSpec& probe, const GoldenJob& job, const GoldenTable* table, VerifyReport& report) {
  if (!has_golden(probe.tier)) {
    if (table != nullptr) report.findings.push_back(fmt::format("{}: a golden, where tier {} must have none", to_string(probe.ref), to_string(probe.tier)));
    return {};
  }
  if (table == nullptr || table->digests.size() != probe.operand_sets) {
    report.findings.push_back(fmt::format("{}: the golden set has {} of {} digests", to_string(probe.ref), table == nullptr ? 0 : table->digests.size(),
                                          probe.operand_sets));
    return {};
  }
  if (job.references) TRY(verify_reference(probe, job, *table, report));
  for (const host::KernelEntry* entry : variants_of(probe.ref.id)) {
    report.variants.push_back(fmt::format("{} {}", probe.ref.id, host::to_string(entry->variant)));
    TRY(run_variant(*entry, spread(probe.operand_sets, job.sets), job.jobs, [&](uint32_t set, const Digest& digest) {
      ++report.runs;
      if (digest == table->digests[set]) return;
      report.findings.push_back(disagreement(probe, entry->variant, set, table->digests[set], digest));
    }));
  }
  return {};
}

Status check_probe_name(const GoldenJob& job) {
  const auto all = all_probes();
  const auto is_it = [&](const ProbeSpec& probe) { return probe.ref.id == job.probe; };
  if (job.probe.empty() || std::ranges::any_of(all, is_it)) return {};
  return make_error(ErrorCode::kNotFound, fmt::format("there is no probe \"{}\" in the catalogue", job.probe));
}

}  // namespace

Status build_goldens(const GoldenJob& job) {
  TRY(check_probe_name(job));
  for (const ProbeSpec& probe : all_probes()) {
    if (!job.probe.empty() && probe.ref.id != job.probe) continue;
    if (!has_golden(probe.tier)) {
      log::info("{}: tier {} has no golden", to_string(probe.ref), to_string(probe.tier));
      continue;
    }
    log::info("{}: {} operand sets", to_string(probe.ref), probe.operand_sets);
    TRY(build_one(probe, job));
  }
  return {};
}

Result<VerifyReport> verify_goldens(const GoldenJob& job) {
  TRY(check_probe_name(job));
  const GoldenSet goldens = TRY(GoldenSet::load(job.folder));
  VerifyReport report;
  for (const ProbeSpec& probe : all_probes()) {
    if (!job.probe.empty() && probe.ref.id != job.probe) continue;
    const auto begun = std::chrono::steady_clock::now();
    const uint64_t runs = report.runs;
    const size_t findings = report.findings.size();
    TRY(verify_probe(probe, job, goldens.find(probe.ref), report));
    if (!job.progress) continue;
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
    const auto sets = static_cast<uint32_t>(spread(probe.operand_sets, job.sets).size());
    job.progress({probe.ref, sets, report.runs - runs, took.count(), report.findings.size() - findings});
  }
  return report;
}

}  // namespace assay::probes
