// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <utility>

#include "probes/backend/host/aligned_buffer.h"
#include "probes/backend/host/atomics/kernel.h"
#include "probes/backend/host/team.h"
#include "probes/catalogue/atomics.h"

namespace assay::probes::host {
namespace {

using namespace atomics;

constexpr auto kAnyOrder = std::memory_order_relaxed;  // the end of a step orders what was done in it
static_assert(std::endian::native == std::endian::little, "number 2k of half is the low half of word k");

uint64_t mixed(uint64_t number) {
  const uint64_t spread = number * kTicketFactor;
  return spread ^ spread >> 32;
}

class AtomicsKernel final : public TeamKernel {
 public:
  explicit AtomicsKernel(std::unique_ptr<Team> team) : TeamKernel(std::move(team)), state_(kStateWords), output_(kOutputWords) {}

  bool has_memory() const { return !state_.empty() && !output_.empty(); }

  void prepare(uint32_t operand_set) override {
    team().take_places(operand_set);
    operands(operand_set, state_.span());
  }

  uint32_t steps() const override { return kSteps; }

  void step(uint32_t) override {
    words_ = {};
    std::ranges::copy(state_.span(), words_.begin());
    load_halves();
    const auto job = [this](uint32_t member) {
      return for_parts_of(member, kStreams, [this](uint32_t stream) { return work_off(stream); });
    };
    if (!run_step(job)) return;
    store_halves();
    std::ranges::copy(words_, output_.data());
    std::copy_n(words_.begin(), kStateWords, state_.data());
  }

  std::span<uint64_t> output() override { return output_.span(); }
  std::span<uint64_t> state() override { return state_.span(); }
  double work_per_run() const override { return 7.0 * kSteps * kStreams * kOperations; }

 private:
  std::atomic_ref<uint64_t> word(uint64_t index) { return std::atomic_ref<uint64_t>(words_[index]); }

  // The 32-bit numbers have memory of their own type while they are worked on.
  void load_halves() {
    for (uint32_t i = 0; i < 2 * kBins; ++i) halves_[i] = static_cast<uint32_t>(words_[kHalf + i / 2] >> 32 * (i % 2));
  }
  void store_halves() {
    for (uint32_t i = 0; i < kBins; ++i) words_[kHalf + i] = uint64_t{halves_[2 * i + 1]} << 32 | halves_[2 * i];
  }

  bool work_off(uint32_t stream) {
    uint64_t s = words_[stream];
    for (uint32_t i = 0; i < kOperations; ++i) {
      s = s * kStreamFactor + kStreamStep;
      const uint64_t bin = s >> 58;
      const uint64_t value = std::rotl(s, 17);
      word(kAdd + bin).fetch_add(value, kAnyOrder);
      word(kFlip + (bin + 1) % kBins).fetch_xor(value, kAnyOrder);
      multiply(word(kProduct + (bin + 2) % kBins), value | 1);
      std::atomic_ref<uint32_t>(halves_[(s >> 50) % (2 * kBins)]).fetch_add(static_cast<uint32_t>(value), kAnyOrder);
      const uint64_t number = word(kTicket).fetch_add(1, kAnyOrder);
      word(kTicketSum).fetch_add(mixed(number), kAnyOrder);
      const uint32_t bit = stream * kOperations + i;
      word(kStateWords + bit / 64).fetch_or(uint64_t{1} << bit % 64, kAnyOrder);
    }
    words_[stream] = s;
    return true;
  }

  static void multiply(std::atomic_ref<uint64_t> word, uint64_t factor) {
    uint64_t before = word.load(kAnyOrder);
    while (!word.compare_exchange_weak(before, before * factor, kAnyOrder)) {
    }
  }

  AlignedBuffer state_;
  AlignedBuffer output_;
  alignas(128) std::array<uint64_t, kOutputWords> words_{};
  alignas(128) std::array<uint32_t, 2 * kBins> halves_{};
};

}  // namespace

std::unique_ptr<Kernel> make_atomics(const KernelSite& site) {
  auto team = Team::start(site, kStreams - 1);
  if (!team) return nullptr;
  auto kernel = std::make_unique<AtomicsKernel>(std::move(team));
  if (!kernel->has_memory()) return nullptr;
  return kernel;
}

}  // namespace assay::probes::host
