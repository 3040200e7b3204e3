// SPDX-License-Identifier: Apache-2.0
// A tiny chain kernel with planted defects, and the source that hands it to the frame.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <new>
#include <optional>
#include <utility>
#include <vector>

#include "common/base/digest.h"
#include "common/base/random.h"
#include "probes/backend/host/frame.h"
#include "probes/backend/host/pinning.h"
#include "probes/goldens/golden_set.h"

namespace assay::test {

// What is wrong with a kernel, and its shape. Read by several threads; only the counters change.
struct FakePlan {
  uint32_t steps = 4;
  size_t words = 16;
  uint64_t memory_bytes = 4096;
  std::optional<uint32_t> leaves_poison_at_step;
  std::function<void(uint32_t step)> before_step;              // may move the thread, wait, or spoil things
  std::function<bool(uint32_t cpu, uint32_t step)> is_broken;  // the step then gives one wrong word
  uint32_t cpus_needed = 1;
  probes::host::StepEnd end = probes::host::StepEnd::kDone;    // of every step
  std::vector<uint32_t> partners;
  Duration partners_time{};
  bool no_memory = false;
  bool throws_bad_alloc = false;
  Duration rest{};                                             // before the second step
};

inline constexpr uint64_t kBrokenMask = 0x40;
inline constexpr size_t kBrokenWord = 9;

class FakeKernel final : public probes::host::Kernel {
 public:
  explicit FakeKernel(const FakePlan& plan) : plan_(plan), state_(plan.words), output_(plan.words) {}

  void prepare(uint32_t operand_set) override {
    uint64_t seed = seed_from("fake.probe", operand_set);
    for (uint64_t& word : state_) word = split_mix64(seed);
  }
  uint32_t steps() const override { return plan_.steps; }
  Duration rest_before(uint32_t index) const override { return index == 1 ? plan_.rest : Duration::zero(); }
  void step(uint32_t index) override {
    if (plan_.before_step) plan_.before_step(index);
    for (uint64_t& word : state_) word = word * Digest64::kMultiplier + index;
    const bool skips_last = plan_.leaves_poison_at_step == index;
    std::copy(state_.begin(), state_.end() - (skips_last ? 1 : 0), output_.begin());
    if (plan_.is_broken && plan_.is_broken(probes::host::current_cpu(), index)) output_[kBrokenWord] ^= kBrokenMask;
  }
  std::span<uint64_t> output() override { return output_; }
  std::span<uint64_t> state() override { return state_; }
  probes::host::StepEnd last_step() const override { return plan_.end; }
  std::span<const uint32_t> partners() const override { return plan_.partners; }
  Duration partners_time() const override { return plan_.partners_time; }
  uint32_t words_per_vector() const override { return 4; }
  double work_per_run() const override { return 1; }

 private:
  const FakePlan& plan_;
  std::vector<uint64_t> state_;
  std::vector<uint64_t> output_;
};

class FakeKernels final : public probes::host::KernelSource {
 public:
  explicit FakeKernels(FakePlan plan) : plan_(std::move(plan)) {
    spec_.ref = {"fake.probe", 1};
    spec_.operand_sets = 8;
    spec_.memory_bytes = plan_.memory_bytes;
  }
  const ProbeSpec* spec(std::string_view probe_id) const override { return probe_id == spec_.ref.id ? &spec_ : nullptr; }
  std::optional<Choice> choose(std::string_view, std::string_view variant) const override {
    if (!variant.empty() && variant != "fake") return std::nullopt;
    return Choice{"fake", [this](const probes::host::KernelSite&) -> std::unique_ptr<probes::host::Kernel> {
                    if (plan_.throws_bad_alloc) throw std::bad_alloc();
                    if (plan_.no_memory) return nullptr;
                    return std::make_unique<FakeKernel>(plan_);
                  }, plan_.cpus_needed};
  }

  // The digests that a kernel of this shape without defects gives.
  std::vector<Digest> goldens() const {
    FakePlan healthy;
    healthy.steps = plan_.steps;
    healthy.words = plan_.words;
    FakeKernel kernel(healthy);
    std::vector<Digest> digests;
    for (uint32_t set = 0; set < spec_.operand_sets; ++set) {
      Digest128 digest;
      kernel.prepare(set);
      for (uint32_t step = 0; step < kernel.steps(); ++step) {
        kernel.step(step);
        digest.add(kernel.output());
      }
      digests.push_back(digest.value());
    }
    return digests;
  }

  // One run of the sets 0.. on the first `units` allowed CPUs.
  probes::RunRequest request(size_t units = 1) const {
    probes::RunRequest request;
    request.id = 77;
    request.probe = spec_.ref;
    request.cpus = probes::host::allowed_cpus();
    for (uint32_t unit = 0; unit < std::min(units, request.cpus.size()); ++unit) request.work.push_back({unit, unit});
    request.max_runs = 1;
    request.budget = std::chrono::seconds{20};
    request.goldens = goldens();
    request.golden_hash = probes::hash_of(request.goldens);
    return request;
  }

 private:
  FakePlan plan_;
  ProbeSpec spec_;
};

// Runs a request on a frame that does not yield to other programs, as tests need.
inline probes::RunResult run(const FakeKernels& kernels, const probes::RunRequest& request, bool allow_injection = false,
                             const FsRoot& root = FsRoot()) {
  static const std::atomic<bool> kNever{false};
  return probes::host::Frame(kernels, {allow_injection, false, root, std::chrono::minutes{1}}).run(request, kNever);
}

}  // namespace assay::test
