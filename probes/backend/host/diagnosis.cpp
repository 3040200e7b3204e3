// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/host/diagnosis.h"

#include <algorithm>
#include <new>
#include <optional>
#include <system_error>
#include <thread>

#include "common/model/limits.h"
#include "probes/backend/host/cache_flush.h"
#include "probes/backend/host/pinning.h"

namespace assay::probes::host {
namespace {

constexpr size_t kReferenceUnits = 3;                 // how many others are asked before the golden itself is in doubt
constexpr uint64_t kCaptureBytes = 64 * 1024 * 1024;  // of one step, where a whole run was too large to keep

struct Computed {
  Capture capture;
  uint32_t words_per_vector = 1;
};

class Diagnosis {
 public:
  Diagnosis(const Slice& slice, const Failure& failure, uint32_t unit, const std::vector<uint32_t>& suspects)
      : slice_(slice), failure_(failure), unit_(unit), suspects_(suspects) {}

  std::vector<MismatchRecord> records() {
    const bool kept = !failure_.capture.words().empty();
    if (!find_reference(Capture(kept ? failure_.capture.words().size_bytes() : 0))) return {whole_digest(0)};
    if (kept) return compare(failure_.capture, reference_.capture);
    return compare_failing_step();
  }

 private:
  // The logical CPUs to ask, those of the device first.
  std::vector<uint32_t> candidates() const {
    std::vector<uint32_t> cpus;
    const auto consider = [&](uint32_t cpu) {
      const auto holds = [cpu](const std::vector<uint32_t>& list) { return std::find(list.begin(), list.end(), cpu) != list.end(); };
      if (cpus.size() < kReferenceUnits && !holds(suspects_) && !holds(cpus)) cpus.push_back(cpu);
    };
    for (const uint32_t cpu : slice_.request.cpus) consider(cpu);
    for (const uint32_t cpu : allowed_cpus()) consider(cpu);
    return cpus;
  }

  bool find_reference(const Capture& empty) {
    for (const uint32_t cpu : candidates()) {
      std::optional<Computed> computed = compute_on(cpu, empty, Injector());
      if (!computed || computed->capture.digest() != failure_.expected) continue;
      reference_ = std::move(*computed);
      reference_cpu_ = cpu;
      return true;
    }
    return false;
  }

  // The failing run's operand set once more, on a thread pinned to `cpu`; absent when it could not be completed.
  std::optional<Computed> compute_on(uint32_t cpu, Capture capture, Injector injector) const {
    std::optional<Computed> computed;
    const auto body = [&] {
      if (!pin_to_cpu(cpu)) return;
      if (slice_.idle_priority) use_idle_priority();
      try {
        const std::unique_ptr<Kernel> kernel = slice_.choice.make(slice_.site_of(cpu));
        if (!kernel) return;
        const RunEnd end = compute_run(*kernel, slice_, injector, capture, unit_, failure_.run, failure_.operand_set);
        if (end == RunEnd::kComplete) computed = Computed{std::move(capture), kernel->words_per_vector()};
      } catch (const std::bad_alloc&) {
        computed.reset();
      }
    };
    try {
      std::thread(body).join();
    } catch (const std::system_error&) {
      return std::nullopt;
    }
    return computed;
  }

  // A run too large to keep: its digests name the step, which is computed again on both units.
  std::vector<MismatchRecord> compare_failing_step() {
    const auto& right = reference_.capture.prefixes();
    const auto& wrong = failure_.capture.prefixes();
    const auto [at, ignored] = std::mismatch(right.begin(), right.end(), wrong.begin(), wrong.end());
    const auto step = static_cast<uint32_t>(at - right.begin());
    const Capture one_step(kCaptureBytes, step);
    const auto expected = compute_on(reference_cpu_, one_step, Injector());
    const auto again = compute_on(slice_.request.cpus[unit_], one_step, slice_.injector_for(unit_));
    if (!expected || !again || expected->capture.digest() != failure_.expected) return {whole_digest(step)};
    return compare(again->capture, expected->capture);
  }

  std::vector<MismatchRecord> compare(const Capture& actual, const Capture& expected) const {
    std::vector<MismatchRecord> records;
    const auto right = expected.words();
    const auto wrong = actual.words();
    const size_t count = std::min(right.size(), wrong.size());
    for (size_t i = 0; i < count && records.size() < limits::kMismatchRecordsPerUnit; ++i) {
      if (right[i] == wrong[i]) continue;
      MismatchRecord record = whole_digest(actual.first_step() + static_cast<uint32_t>(i / actual.words_per_step()));
      record.word_index = i % actual.words_per_step();
      record.lane = static_cast<uint32_t>(record.word_index % std::max(reference_.words_per_vector, 1U));
      record.expected = right[i];
      record.actual = wrong[i];
      flush_from_caches(&wrong[i], sizeof(uint64_t));
      record.reread = *static_cast<const volatile uint64_t*>(&wrong[i]);
      records.push_back(record);
    }
    if (records.empty()) records.push_back(whole_digest(actual.first_step()));
    return records;
  }

  MismatchRecord whole_digest(uint32_t step) const {
    MismatchRecord record;
    record.operand_set = failure_.operand_set;
    record.step = step;
    record.word_index = MismatchRecord::kWholeDigest;
    record.expected = failure_.expected.low;
    record.actual = failure_.actual.low;
    record.reread = failure_.actual.low;
    record.cpu_before = failure_.cpu_before;
    record.cpu_after = failure_.cpu_after;
    return record;
  }

  const Slice& slice_;
  const Failure& failure_;
  const uint32_t unit_;
  const std::vector<uint32_t>& suspects_;
  Computed reference_;
  uint32_t reference_cpu_ = 0;
};

}  // namespace

std::vector<MismatchRecord> diagnose(const Slice& slice, const Failure& failure, uint32_t unit, const std::vector<uint32_t>& suspects) {
  return Diagnosis(slice, failure, unit, suspects).records();
}

}  // namespace assay::probes::host
