// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <utility>
#include <vector>

#include "probes/backend/host/aligned_buffer.h"
#include "probes/backend/host/litmus/judge.h"
#include "probes/backend/host/litmus/kernel.h"
#include "probes/backend/host/team.h"
#include "probes/catalogue/litmus.h"

namespace assay::probes::host {
namespace {

using namespace litmus;

constexpr auto kRelaxed = std::memory_order_relaxed;
constexpr auto kAcquire = std::memory_order_acquire;
constexpr auto kRelease = std::memory_order_release;
constexpr auto kTotal = std::memory_order_seq_cst;

struct alignas(64) Location {
  std::atomic<uint64_t> word{0};
};

using Seen = LitmusRound::Seen;

class LitmusKernel final : public TeamKernel {
 public:
  explicit LitmusKernel(std::unique_ptr<Team> team)
      : TeamKernel(std::move(team)), state_(kColumns), output_(kOutputWords), x_(kRounds), y_(kRounds) {
    for (auto& seen : seen_) seen.resize(kRounds);
  }

  bool has_memory() const { return !state_.empty() && !output_.empty(); }

  void prepare(uint32_t operand_set) override {
    team().take_places(operand_set);
    operands(operand_set, state_.span(), u_);
  }

  uint32_t steps() const override { return kSteps; }

  void step(uint32_t index) override {
    shape_ = shape_of(index);
    step_ = index;
    for (uint32_t i = 0; i < kRounds; ++i) {
      x_[i].word.store(0, kRelaxed);
      y_[i].word.store(0, kRelaxed);
    }
    const auto job = [this](uint32_t member) {
      for (uint32_t role = 0; role < roles_of(shape_); ++role) {
        if ((role + step_) % members() == member) play(role);
      }
      return true;
    };
    if (run_step(job)) judge();
  }

  std::span<uint64_t> output() override { return output_.span(); }
  std::span<uint64_t> state() override { return state_.span(); }
  double work_per_run() const override { return 1.0 * kSteps * kRounds; }

 private:
  uint64_t value(uint32_t i) const {
    return std::rotl(u_[i % kColumns] + (uint64_t{kRounds} * step_ + i) * 0x9E3779B97F4A7C15, 31) | 1;
  }

  template <typename Round>
  void all_rounds(uint32_t role, const Round& round) {
    for (uint32_t i = 0; i < kRounds; ++i) seen_[role][i] = round(x_[i].word, y_[i].word, value(i));
  }

  using Word = std::atomic<uint64_t>;

  void play(uint32_t role) {
    switch (shape_) {
      case Shape::kSbFenced:
        return all_rounds(role, [role](Word& x, Word& y, uint64_t v) {
          (role == 0 ? x : y).store(v, kRelaxed);
          std::atomic_thread_fence(kTotal);
          return Seen{(role == 0 ? y : x).load(kRelaxed), 0};
        });
      case Shape::kSbExchanged:
        return all_rounds(role, [role](Word& x, Word& y, uint64_t v) {
          if (role == 0) {
            [[maybe_unused]] const uint64_t before = x.exchange(v, kTotal);
            return Seen{y.load(kTotal), 0};
          }
          y.store(v, kTotal);
          return Seen{x.load(kTotal), 0};
        });
      case Shape::kMp:
        return all_rounds(role, [role](Word& x, Word& y, uint64_t v) {
          if (role == 0) {
            x.store(v, kRelaxed);
            y.store(v, kRelease);
            return Seen{};
          }
          const uint64_t a = y.load(kAcquire);
          return Seen{a, x.load(kRelaxed)};
        });
      case Shape::kLb:
        return all_rounds(role, [role](Word& x, Word& y, uint64_t v) {
          const uint64_t read = (role == 0 ? y : x).load(kAcquire);
          (role == 0 ? x : y).store(v, kRelease);
          return Seen{read, 0};
        });
      default:
        return play_more(role);
    }
  }

  void play_more(uint32_t role) {
    switch (shape_) {
      case Shape::kCoRR:
        return all_rounds(role, [role](Word& x, Word&, uint64_t v) {
          if (role == 0) {
            x.store(v, kRelaxed);
            x.store(other_value(v), kRelaxed);
            return Seen{};
          }
          const uint64_t a = x.load(kRelaxed);
          return Seen{a, x.load(kRelaxed)};
        });
      case Shape::k2Plus2W:
        return all_rounds(role, [role](Word& x, Word& y, uint64_t v) {
          (role == 0 ? x : y).store(v, kTotal);
          (role == 0 ? y : x).store(other_value(v), kTotal);
          return Seen{};
        });
      case Shape::kWrc:
        return all_rounds(role, [role](Word& x, Word& y, uint64_t v) {
          if (role == 0) {
            x.store(v, kRelease);
            return Seen{};
          }
          if (role == 1) {
            const uint64_t a = x.load(kAcquire);
            y.store(a, kRelease);
            return Seen{a, a};
          }
          const uint64_t b = y.load(kAcquire);
          return Seen{b, x.load(kAcquire)};
        });
      default:
        return all_rounds(role, [role](Word& x, Word& y, uint64_t v) {
          if (role < 2) {
            (role == 0 ? x : y).store(v, kTotal);
            return Seen{};
          }
          const uint64_t first = (role == 2 ? x : y).load(kTotal);
          return Seen{first, (role == 2 ? y : x).load(kTotal)};
        });
    }
  }

  void judge() {
    uint64_t forbidden = 0;
    uint64_t alien = 0;
    uint64_t rounds = 0;
    for (uint32_t i = 0; i < kRounds; ++i) {
      const uint64_t v = value(i);
      LitmusRound round{{}, x_[i].word.load(kRelaxed), y_[i].word.load(kRelaxed)};
      for (uint32_t role = 0; role < roles_of(shape_); ++role) round.seen[role] = seen_[role][i];
      forbidden += is_forbidden(shape_, round, v) ? 1 : 0;
      alien += aliens(shape_, round, v);
      uint64_t& z = state_.data()[i % kColumns];
      z = std::rotl(z + (shape_ == Shape::k2Plus2W ? v : round.last_x), 24);
      z = std::rotl(z + (shape_ == Shape::k2Plus2W ? other_value(v) : shape_ == Shape::kWrc ? v : round.last_y), 24);
      ++rounds;
    }
    std::copy_n(state_.data(), kColumns, output_.data());
    output_.data()[kColumns] = forbidden;
    output_.data()[kColumns + 1] = alien;
    output_.data()[kColumns + 2] = rounds;
  }

  AlignedBuffer state_;
  AlignedBuffer output_;
  std::array<uint64_t, kColumns> u_{};
  std::vector<Location> x_;
  std::vector<Location> y_;
  std::array<std::vector<Seen>, kRoles> seen_;
  Shape shape_ = Shape::kSbFenced;
  uint32_t step_ = 0;
};

}  // namespace

std::unique_ptr<Kernel> make_litmus(const KernelSite& site) {
  auto team = Team::start(site, kRoles - 1);
  if (!team) return nullptr;
  auto kernel = std::make_unique<LitmusKernel>(std::move(team));
  if (!kernel->has_memory()) return nullptr;
  return kernel;
}

}  // namespace assay::probes::host
