// SPDX-License-Identifier: Apache-2.0
// The store is the truth: a core that is loaded again is the core that was thrown away.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "common/base/random.h"
#include "tests/unit/store/store_bench.h"

namespace assay::collector::test {
namespace {

// A year in the life of a small fleet, from a seed: honest and lying devices, incidents, drills, operators, silence.
class RandomLife {
 public:
  RandomLife(FleetBench& fleet, uint64_t seed) : fleet_(fleet), random_(seed) {}

  void next() {
    fleet_.now += std::chrono::milliseconds{random_.below(40'000)};
    if (random_.chance(0.01)) fleet_.now += std::chrono::hours{random_.below(24 * 14)};
    const std::string id = fmt::format("d{}", random_.below(12));
    switch (random_.below(12)) {
      case 0: fleet_.tick(); break;
      case 1: fleet_.step(OperatorRelease{id, "ann", "random"}); break;
      case 2: fleet_.step(BreakerReset{"ann", "random"}); break;
      case 3: fleet_.step(UnfreezeProbe{kProbe.id, {}, "ann", "random"}); break;
      case 4: fleet_.step(OperatorRetire{id, "ann", "random"}); break;
      case 5: finish_hook(); break;
      case 6:
      case 7: report_incident(id); break;
      default: report_runs(id); break;
    }
  }

 private:
  Synthetic world() { return random_.chance(0.2) ? Synthetic::kDrill : Synthetic::kNone; }

  void finish_hook() {
    if (fleet_.core.state().hooks.empty()) return;
    auto hook = fleet_.core.state().hooks.begin();
    std::advance(hook, static_cast<int64_t>(random_.below(fleet_.core.state().hooks.size())));
    fleet_.step(HookFinished{hook->first, static_cast<HookStatus>(random_.below(3)), 1, 0, "random"});
  }

  void report_incident(const std::string& id) {
    const auto verdict = static_cast<Verdict>(random_.below(static_cast<uint64_t>(kLastVerdict) + 1));
    const Synthetic synthetic = world();
    const std::string incident = fmt::format("inc-{}-{}-{}", id, to_string(synthetic), random_.below(5));
    fleet_.send_incident(fleet_.incident(incident, id, verdict, static_cast<uint32_t>(random_.below(kSets)), random_.below(30), synthetic));
  }

  void report_runs(const std::string& id) {
    std::vector<UnitResult> units;
    for (uint64_t i = random_.below(4); i-- > 0;) {
      const auto unit = static_cast<uint32_t>(random_.below(16));
      const uint64_t kind = random_.below(40);
      units.push_back(kind == 0   ? failure(unit, 0, random_.below(9))
                      : kind == 1 ? blind(unit, 1, 1, random_.below(9))
                      : kind == 2 ? nothing(static_cast<Inconclusive>(1 + random_.below(10)))
                                  : pass(unit));
    }
    const Synthetic synthetic = random_.chance(0.1) ? Synthetic::kControl : world();
    fleet_.send_units(id, std::move(units), synthetic, random_.chance(0.2) ? kQuorumProbe : kProbe);
  }

  FleetBench& fleet_;
  Random random_;
};

class RoundTrip : public ::testing::TestWithParam<uint64_t> {};

TEST_P(RoundTrip, TheLoadedStateIsTheStateThatWasLost) {
  StoreBench bench;
  PolicyOptions options = FleetBench::enforcing();
  if (GetParam() % 2 == 0) options.mode = PolicyMode::kAdvise;
  bench.fleet.core.set_options(options);
  RandomLife life(bench.fleet, GetParam());
  for (int i = 0; i < 600; ++i) {
    life.next();
    if (i % 100 != 99) continue;
    bench.fleet.tick(1min);  // forgets what is too old to be loaded
    bench.keep();
    bench.reopen();
    const FleetState& lost = bench.fleet.core.state();
    auto loaded = bench.store.load_fleet_state(bench.fleet.now);
    ASSERT_TRUE(loaded.ok()) << loaded.error().message;
    EXPECT_EQ(loaded->nodes, lost.nodes);
    EXPECT_EQ(loaded->devices, lost.devices);
    EXPECT_EQ(loaded->counts, lost.counts);
    EXPECT_EQ(loaded->incidents, lost.incidents);
    EXPECT_EQ(loaded->freezes, lost.freezes);
    EXPECT_EQ(loaded->breaker, lost.breaker);
    EXPECT_EQ(loaded->hooks, lost.hooks);
    EXPECT_EQ(loaded->last_decision, lost.last_decision);
    ASSERT_EQ(*loaded, lost) << "seed " << GetParam() << " step " << i;
  }
  EXPECT_GT(bench.fleet.core.state().last_decision, 10u);  // a life without decisions would prove nothing
}

INSTANTIATE_TEST_SUITE_P(Seeds, RoundTrip, ::testing::Values(1, 2, 3, 4));

}  // namespace
}  // namespace assay::collector::test
