// SPDX-License-Identifier: Apache-2.0
// An accelerator that computes a tiny made-up chain under the name of a real probe, with planted defects of the device itself, and the expected words
// that go with it.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "common/base/digest.h"
#include "common/base/random.h"
#include "probes/backend/device/device_frame.h"
#include "probes/backend/planted_fault.h"
#include "probes/catalogue/catalogue.h"
#include "probes/goldens/golden_set.h"

namespace assay::test {

inline constexpr std::string_view kFakeProbe = "fma.fp64.chain";
inline constexpr std::string_view kFakeQuorumProbe = "sfu.approx";   // of tier T3: no golden
inline constexpr uint32_t kFakeSteps = 4;
inline constexpr uint32_t kFakeWords = 16;
inline constexpr uint64_t kFakeMask = 0x40;
inline constexpr uint32_t kFakeWord = 9;   // of step 2
inline constexpr uint32_t kFakeUnits = 6;

inline std::vector<uint64_t> fake_words(uint32_t operand_set) {
  uint64_t seed = seed_from("fake.accelerator", operand_set);
  std::vector<uint64_t> words(size_t{kFakeSteps} * kFakeWords);
  for (uint64_t& word : words) word = split_mix64(seed);
  return words;
}

inline Digest digest_of(const std::vector<uint64_t>& words) {
  Digest128 digest;
  digest.add(words);
  return digest.value();
}

class FakeWords final : public probes::device::ExpectedWords {
 public:
  probes::device::SharedWords compute(std::string_view, uint32_t operand_set) override {
    ++computed;
    if (takes > Duration::zero()) std::this_thread::sleep_for(takes);
    if (absent) return nullptr;
    auto words = fake_words(operand_set);
    if (wrong) words[3] ^= 1;
    return std::make_shared<const probes::device::SetWords>(probes::device::SetWords{std::move(words), kFakeWords});
  }
  bool absent = false;
  bool wrong = false;
  Duration takes{};
  uint32_t computed = 0;
};

// What is wrong with the device. Functions are asked with the number of the launch, from 0.
struct FakeDefects {
  std::function<bool(uint32_t unit, uint32_t launch)> wrong{};          // all its runs of that launch
  std::function<bool(uint32_t unit, uint32_t launch)> unreached{};
  std::function<bool(uint32_t unit, uint32_t launch)> out_of_reach{};
  std::function<bool(uint32_t unit, uint32_t launch)> moved{};
  std::function<bool(uint32_t unit, uint32_t launch)> unwritten{};      // the last run is left poisoned
  std::function<std::optional<Error>(uint32_t launch)> error{};
  std::optional<uint32_t> claims_wrong{};                             // what its comparator says, whatever it saw
  bool misreads_expected = false;                                     // one word of the first run of each launch
  bool loses_records = false;
  bool answers_nonsense = false;
  Duration run_time{};                                                // of each launch, whatever is in it, and of each run
  std::function<void()> before_run{};                                   // may spoil the request
};

// What a launch was asked.
struct FakeLaunch {
  uint32_t runs = 0;
  size_t units = 0;
  bool compared = false;
  AssayInjection injection{};
  std::vector<uint32_t> hits;
  uint64_t poison_seed = 0;
};

class FakeAccelerator final : public probes::device::Accelerator {
 public:
  explicit FakeAccelerator(FakeDefects defects = {}) : defects_(std::move(defects)) {
    device_.id = "GPU-fake";
    device_.kind = DeviceKind::kGpu;
    device_.model = "Fake";
    device_.architecture = "fake/1";
    for (uint32_t unit = 0; unit < kFakeUnits; ++unit) device_.units.push_back(unit);
  }
  const Device& device() const override { return device_; }
  std::vector<probes::device::Offer> offers() const override {
    return {{std::string(kFakeProbe), "mma", "strong", "", false}, {std::string(kFakeProbe), "simt", "weak", "", true},
            {"sort.int64", "", "", "this device cannot sort", false},
            {std::string(kFakeQuorumProbe), "simt", "functions", "", false}};
  }
  Result<std::vector<uint64_t>> operands(std::string_view, std::string_view, uint32_t operand_set) const override {
    ++operands_made;
    return std::vector<uint64_t>{operand_set};
  }
  uint64_t bytes_per_set(std::string_view, std::string_view) const override { return bytes_per_set_; }
  Result<probes::device::JobResult> run(const probes::device::Job& job, const std::atomic<bool>&) override {
    const auto number = static_cast<uint32_t>(launches.size());
    launches.push_back({job.runs_per_unit, job.units.size(), !job.sets.front().expected.empty(), job.injection, job.hits, job.poison_seed});
    if (defects_.before_run) defects_.before_run();
    if (defects_.error) {
      if (const auto error = defects_.error(number)) return *error;
    }
    if (defects_.run_time > Duration::zero()) std::this_thread::sleep_for(defects_.run_time * job.runs_per_unit);
    probes::device::JobResult result;
    for (const probes::device::JobUnit& unit : job.units) result.units.push_back(run_unit(job, unit, number, result.records));
    if (defects_.out_of_reach) result.confined_by = "its share is small";
    if (defects_.answers_nonsense) result.units.pop_back();
    if (defects_.loses_records) result.records.clear();
    return result;
  }

  std::vector<FakeLaunch> launches;
  mutable uint32_t operands_made = 0;
  uint64_t bytes_per_set_ = 1024;

 private:
  static bool asks(const std::function<bool(uint32_t, uint32_t)>& defect, uint32_t unit, uint32_t launch) { return defect && defect(unit, launch); }

  probes::device::JobUnitResult run_unit(const probes::device::Job& job, const probes::device::JobUnit& unit, uint32_t launch,
                                         std::vector<AssayRecord>& records) const {
    probes::device::JobUnitResult result;
    result.unit = unit.unit;
    result.out_of_reach = asks(defects_.out_of_reach, unit.unit, launch);
    result.reached = !result.out_of_reach && !asks(defects_.unreached, unit.unit, launch);
    if (!result.reached) return result;
    result.moved = asks(defects_.moved, unit.unit, launch);
    result.busy = std::chrono::microseconds{100};
    for (uint32_t run = 0; run < job.runs_per_unit; ++run) {
      const uint32_t slot = unit.slots[run % unit.slots.size()];
      const probes::device::JobSet& set = job.sets[slot];
      std::vector<uint64_t> words = fake_words(static_cast<uint32_t>(set.operands[0]));
      const bool hit = job.injection.shape != 0 && job.injection.unit == unit.unit && (job.hits[run / 32] >> (run % 32) & 1) != 0;
      if (hit) words[job.injection.place % kFakeWords] ^= job.injection.mask;
      if (asks(defects_.wrong, unit.unit, launch)) words[2 * kFakeWords + kFakeWord] ^= kFakeMask;
      const bool unwritten = run + 1 == job.runs_per_unit && asks(defects_.unwritten, unit.unit, launch);
      if (unwritten) {
        words.back() = job.poison_seed;
        ++result.not_executed;
      }
      const bool blind = hit && job.injection.shape == ASSAY_SHAPE_BLIND_COMPARATOR;
      if (!blind && compare(set, words, {unit.unit, run, slot}, records)) ++result.wrong;
      result.digests.push_back(digest_of(words));
    }
    if (defects_.claims_wrong) result.wrong = *defects_.claims_wrong;
    return result;
  }

  struct Place {
    uint32_t unit;
    uint32_t run;
    uint32_t slot;
  };
  bool compare(const probes::device::JobSet& set, const std::vector<uint64_t>& words, const Place& at, std::vector<AssayRecord>& records) const {
    bool wrong = false;
    for (uint32_t i = 0; i < set.expected.size(); ++i) {
      const uint64_t expected = set.expected[i] ^ (defects_.misreads_expected && at.run == 0 && i == 5 ? 2U : 0U);
      if (words[i] == expected) continue;
      wrong = true;
      AssayRecord record{};
      record.unit = at.unit;
      record.unit_after = at.unit;
      record.run = at.run;
      record.slot = at.slot;
      record.step = i / kFakeWords;
      record.word = i % kFakeWords;
      record.lane = i % 4;
      record.expected = expected;
      record.actual = words[i];
      record.reread = words[i];
      records.push_back(record);
    }
    return wrong;
  }

  Device device_;
  FakeDefects defects_;
};

// Three runs of the sets 5.. on units 1 and 4.
inline probes::RunRequest fake_request() {
  probes::RunRequest request;
  request.id = 77;
  request.probe = probes::find_probe(kFakeProbe)->ref;
  for (uint32_t unit = 0; unit < kFakeUnits; ++unit) request.cpus.push_back(unit);
  request.work = {{1, 5}, {4, 6}};
  request.set_count = 8;
  request.max_runs = 3;
  request.budget = std::chrono::seconds{20};
  for (uint32_t set = 0; set < 256; ++set) request.goldens.push_back(digest_of(fake_words(set)));
  request.golden_hash = probes::hash_of(request.goldens);
  return request;
}

}  // namespace assay::test
