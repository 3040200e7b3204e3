// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <atomic>
#include <utility>

#include "probes/backend/host/aligned_buffer.h"
#include "probes/backend/host/hop/blocks.h"
#include "probes/backend/host/hop/kernel.h"
#include "probes/backend/host/team.h"
#include "probes/catalogue/hop.h"

namespace assay::probes::host {
namespace {

using namespace hop;

constexpr uint32_t kTurns = kRounds * kRoles;  // of a block in a step

// One role's constants and what it leaves behind. Written by its own CPU alone during a step.
struct alignas(128) Role {
  HopConstants constants;
  HopTraces trace;
  HopTraces differing;
  std::array<HopMail, kBlocks> mail;
};

struct alignas(128) Turn {
  std::atomic<uint32_t> next{0};  // the turn whose role may work on the block: round * kRoles + role
};

class HopKernel final : public TeamKernel {
 public:
  explicit HopKernel(std::unique_ptr<Team> team) : TeamKernel(std::move(team)), state_(kWords), output_(kOutputWords) {}

  bool has_memory() const { return !state_.empty() && !output_.empty(); }

  void prepare(uint32_t operand_set) override {
    team().take_places(operand_set);
    std::array<uint64_t, kParamWords> params{};
    operands(operand_set, state_.span(), params);
    for (uint32_t i = 0; i < kRoles * kColumns; ++i) {
      roles_[i / kColumns].constants.set(i % kColumns, params[i], params[kParamWords / 2 + i]);
    }
  }

  uint32_t steps() const override { return kSteps; }

  void step(uint32_t) override {
    for (Turn& turn : turns_) turn.next.store(0, std::memory_order_relaxed);
    for (Role& role : roles_) role.trace = role.differing = {};
    if (!run_step([this](uint32_t member) { return hand_on(member); })) return;
    for (uint32_t block = 0; block < kBlocks; ++block) {
      check(0, block);
      std::ranges::copy(roles_[kRoles - 1].mail[block].now, state_.data() + block * kBlockWords);
    }
    std::copy_n(state_.data(), kWords, output_.data());
    for (uint32_t role = 0; role < kRoles; ++role) {
      std::ranges::copy(roles_[role].trace, output_.data() + kWords + role * kTraces);
      std::ranges::copy(roles_[role].differing, output_.data() + kWords + (kRoles + role) * kTraces);
    }
  }

  std::span<uint64_t> output() override { return output_.span(); }
  std::span<uint64_t> state() override { return state_.span(); }
  double work_per_run() const override { return 1.0 * kSteps * kTurns * kWords * sizeof(uint64_t); }

 private:
  // All turns of a member's roles, in an order in which nobody waits for what comes after him.
  bool hand_on(uint32_t member) {
    for (uint32_t round = 0; round < kRounds; ++round) {
      for (uint32_t block = 0; block < kBlocks; ++block) {
        const bool done = for_parts_of(member, kRoles, [&](uint32_t role) { return take_turn(round, block, role); });
        if (!done) return false;
      }
    }
    return true;
  }

  bool take_turn(uint32_t round, uint32_t block, uint32_t role) {
    std::atomic<uint32_t>& next = turns_[block].next;
    const uint32_t mine = round * kRoles + role;
    if (!team().wait_until([&] { return next.load(std::memory_order_acquire) == mine; })) return false;
    const uint64_t* from = roles_[(role + kRoles - 1) % kRoles].mail[block].now.data();
    if (mine == 0) from = state_.data() + block * kBlockWords;
    if (mine != 0) check(role, block);
    make_block(roles_[role].constants, from, roles_[role].mail[block], roles_[role].trace);
    next.store(mine + 1, std::memory_order_release);
    team().signal();
    return true;
  }

  // Looks at what the role before did to the block.
  void check(uint32_t role, uint32_t block) {
    const Role& maker = roles_[(role + kRoles - 1) % kRoles];
    check_block(maker.constants, maker.mail[block], roles_[role].differing);
  }

  AlignedBuffer state_;
  AlignedBuffer output_;
  std::array<Role, kRoles> roles_{};
  std::array<Turn, kBlocks> turns_{};
};

}  // namespace

std::unique_ptr<Kernel> make_hop(const KernelSite& site) {
  auto team = Team::start(site, kRoles - 1);
  if (!team) return nullptr;
  auto kernel = std::make_unique<HopKernel>(std::move(team));
  if (!kernel->has_memory()) return nullptr;
  return kernel;
}

}  // namespace assay::probes::host
