// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <bit>
#include <utility>

#include "probes/backend/host/aligned_buffer.h"
#include "probes/backend/host/pingpong/kernel.h"
#include "probes/backend/host/team.h"
#include "probes/catalogue/pingpong.h"

namespace assay::probes::host {
namespace {

using namespace pingpong;

static_assert(std::endian::native == std::endian::little, "byte j of a word is bits 8j..8j+7");

class PingpongKernel final : public TeamKernel {
 public:
  explicit PingpongKernel(std::unique_ptr<Team> team) : TeamKernel(std::move(team)), state_(kStateWords), output_(kStateWords) {}

  bool has_memory() const { return !state_.empty() && !output_.empty(); }

  void prepare(uint32_t operand_set) override {
    team().take_places(operand_set);
    operands(operand_set, state_.span(), params_);
  }

  uint32_t steps() const override { return kSteps; }

  void step(uint32_t) override {
    const auto job = [this](uint32_t member) {
      for (uint32_t pass = 0; pass < kPasses; ++pass) write_own(member, pass);
      return true;
    };
    if (run_step(job)) std::ranges::copy(state_.span(), output_.data());
  }

  std::span<uint64_t> output() override { return output_.span(); }
  std::span<uint64_t> state() override { return state_.span(); }
  double work_per_run() const override { return 1.0 * kSteps * kPasses * kStateWords * sizeof(uint64_t); }

 private:
  // One pass over all lines. Volatile: each store goes out, and each load comes back, in its turn.
  void write_own(uint32_t member, uint32_t pass) {
    for (uint32_t line = 0; line < kLines; ++line) {
      const uint64_t a = params_[line];
      const uint64_t c = params_[kLines + line];
      volatile uint64_t* words = state_.data() + line * kLineWords;
      volatile auto* bytes = reinterpret_cast<volatile unsigned char*>(state_.data() + kWords + line * kLineWords);
      for_parts_of(member, kStreams, [&](uint32_t stream) {
        for (uint32_t i = stream; i < kLineWords; i += kStreams) words[i] = std::rotl(words[i] * a + c, 29);
        for (uint32_t i = stream; i < kLineBytes; i += kStreams) bytes[i] = static_cast<unsigned char>(bytes[i] * a + c + pass);
        return true;
      });
    }
  }

  AlignedBuffer state_;
  AlignedBuffer output_;
  std::array<uint64_t, kParamWords> params_{};
};

}  // namespace

std::unique_ptr<Kernel> make_pingpong(const KernelSite& site) {
  auto team = Team::start(site, kStreams - 1);
  if (!team) return nullptr;
  auto kernel = std::make_unique<PingpongKernel>(std::move(team));
  if (!kernel->has_memory()) return nullptr;
  return kernel;
}

}  // namespace assay::probes::host
