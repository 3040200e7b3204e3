// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/host/team.h"

#include <gtest/gtest.h>
#include <sched.h>

#include <array>
#include <atomic>
#include <set>
#include <thread>

#include "probes/backend/host/pinning.h"

namespace assay::probes::host {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// A team of the first allowed CPU and as many others as there are, on a thread that is pinned as a unit's is.
class TeamTest : public testing::Test {
 protected:
  void SetUp() override {
    if (cpus_.size() < 2) GTEST_SKIP() << "needs two cpus";
    ASSERT_TRUE(pin_to_cpu(cpus_[0]).ok());
  }
  // Other tests of this process want all CPUs.
  void TearDown() override {
    cpu_set_t all;
    CPU_ZERO(&all);
    for (const uint32_t cpu : cpus_) CPU_SET(cpu, &all);
    EXPECT_EQ(::sched_setaffinity(0, sizeof all, &all), 0);
  }
  std::unique_ptr<Team> team(MonoTime deadline = MonoTime::max(), bool idle_priority = false) {
    return Team::start({cpus_[0], cpus_, idle_priority, nullptr, &stop_, deadline}, 3);
  }

  // Read before the test pins itself.
  static std::vector<uint32_t> all_cpus() {
    static const std::vector<uint32_t> kAll = allowed_cpus();
    return kAll;
  }
  const std::vector<uint32_t> cpus_ = all_cpus();
  std::atomic<bool> stop_{false};
};

TEST_F(TeamTest, EveryMemberDoesItsPartOnItsPlace) {
  const auto team = this->team();
  ASSERT_NE(team, nullptr);
  EXPECT_EQ(team->members(), std::min<size_t>(4, cpus_.size()));
  for (uint32_t turn = 0; turn < 5; ++turn) {
    team->take_places(turn);
    std::array<std::atomic<uint32_t>, 4> seen{};
    ASSERT_EQ(team->run([&](uint32_t member) {
      seen[member] = current_cpu() + 1;
      return true;
    }), StepEnd::kDone);
    EXPECT_EQ(seen[0], cpus_[0] + 1);
    for (uint32_t member = 1; member < team->members(); ++member) {
      EXPECT_EQ(seen[member], team->places()[member - 1] + 1);
      EXPECT_NE(seen[member], seen[0]);
    }
  }
}

TEST_F(TeamTest, EveryOtherCpuHasItsTurn) {
  const auto team = this->team();
  ASSERT_NE(team, nullptr);
  std::set<uint32_t> first;
  for (uint32_t turn = 0; turn + 1 < cpus_.size(); ++turn) {
    team->take_places(turn);
    first.insert(team->places().front());
  }
  EXPECT_EQ(first, std::set<uint32_t>(cpus_.begin() + 1, cpus_.end()));
}

TEST_F(TeamTest, AWaitForWhatNeverComesEndsWithTheDeadlineAndSoDoesTheTeam) {
  const MonoTime start = BootClock::now();
  const auto team = this->team(start + milliseconds{60});
  ASSERT_NE(team, nullptr);
  EXPECT_EQ(team->run([&](uint32_t) { return team->wait_until([] { return false; }); }), StepEnd::kStopped);
  EXPECT_GE(BootClock::now() - start, milliseconds{60});
  EXPECT_LT(BootClock::now() - start, seconds{5}) << "generous: other programs run here too";
  EXPECT_EQ(team->run([](uint32_t) { return true; }), StepEnd::kStopped) << "it does not come back";
}

TEST_F(TeamTest, AStopEndsAWaitOfOneMemberAlone) {
  const auto team = this->team();
  ASSERT_NE(team, nullptr);
  std::thread stopper([&] { stop_ = true; });
  EXPECT_EQ(team->run([&](uint32_t member) { return member != 1 || team->wait_until([] { return false; }); }), StepEnd::kStopped);
  stopper.join();
}

TEST_F(TeamTest, SleepersAreWoken) {
  const auto team = this->team();
  ASSERT_NE(team, nullptr);
  std::atomic<int> said{0};
  const StepEnd end = team->run([&](uint32_t member) {
    if (member != 0) return team->wait_until([&] { return said == 1; });
    const MonoTime until = BootClock::now() + milliseconds{20};  // long enough for the others to go to sleep
    if (!team->wait_until([&] { return BootClock::now() >= until; })) return false;
    said = 1;
    team->signal();
    return true;
  });
  EXPECT_EQ(end, StepEnd::kDone);
}

TEST_F(TeamTest, CountsTheTimeOfItsCompanionsDuringAndAfter) {
  const auto team = this->team(BootClock::now() + milliseconds{200});
  ASSERT_NE(team, nullptr);
  const auto work = [&](uint32_t) {
    const MonoTime until = BootClock::now() + milliseconds{5};
    while (BootClock::now() < until) {
    }
    return true;
  };
  ASSERT_EQ(team->run(work), StepEnd::kDone);
  const Duration one = team->companions_time();
  EXPECT_GT(one, Duration::zero());
  EXPECT_EQ(team->run([&](uint32_t) { return team->wait_until([] { return false; }); }), StepEnd::kStopped);
  EXPECT_GE(team->companions_time(), one);
}

TEST_F(TeamTest, AMemberThatIsMovedIsNoticed) {
  const auto team = this->team();
  ASSERT_NE(team, nullptr);
  EXPECT_EQ(team->run([&](uint32_t member) {
    if (member == 1) {
      EXPECT_TRUE(pin_to_cpu(cpus_[0]).ok());
    }
    return true;
  }), StepEnd::kMigrated);
}

TEST_F(TeamTest, APlaceThatIsNotThereIsNoticed) {
  const std::vector<uint32_t> cpus = {cpus_[0], 4095};
  const auto team = Team::start({cpus_[0], cpus}, 1);
  ASSERT_NE(team, nullptr);
  team->take_places(0);
  EXPECT_EQ(team->run([](uint32_t) { return true; }), StepEnd::kMigrated);
}

// The companion shares its CPU with a program that never rests, and is of idle priority: it may get nothing at all.
TEST_F(TeamTest, AStarvedCompanionHoldsNobodyUp) {
  std::atomic<bool> over{false};
  std::thread hog([&] {
    ASSERT_TRUE(pin_to_cpu(cpus_[1]).ok());
    while (!over.load(std::memory_order_relaxed)) {
    }
  });
  const MonoTime start = BootClock::now();
  {
    const auto team = Team::start({cpus_[0], std::span(cpus_).first(2), true, nullptr, &stop_, start + milliseconds{100}}, 1);
    ASSERT_NE(team, nullptr);
    team->take_places(0);
    while (BootClock::now() < start + milliseconds{100} && team->run([](uint32_t) { return true; }) == StepEnd::kDone) {
    }
  }
  EXPECT_LT(BootClock::now() - start, seconds{5}) << "generous: other programs run here too";
  over = true;
  hog.join();
}

}  // namespace
}  // namespace assay::probes::host
