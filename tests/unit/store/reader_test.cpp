// SPDX-License-Identifier: Apache-2.0
#include "collector/store/reader.h"

#include <gtest/gtest.h>

#include "tests/unit/store/store_bench.h"

namespace assay::collector::test {
namespace {

void fill(StoreBench& bench) {
  bench.fleet.populate(4);
  bench.fleet.send_units("d1", {failure(), nothing(Inconclusive::kHang)});
  bench.fleet.condemn("d0");
  bench.fleet.send_incident(bench.fleet.incident("inc-drill", "d2", Verdict::kConfirmedUnit, 5, 9, Synthetic::kDrill));
  bench.fleet.step(HookFinished{1, HookStatus::kDone, 2, 0, "drained"});
  ASSERT_TRUE(commit(bench.store, bench.fleet.all).ok());
}

TEST(StoreReader, ListsDevicesAsTheyAreShown) {
  StoreBench bench;
  fill(bench);
  StoreReader reader = bench.reader();
  EXPECT_EQ(reader.devices({}, 100)->size(), 4u);
  EXPECT_EQ(reader.devices({}, 2)->size(), 2u);
  EXPECT_EQ(reader.devices({"", "node-d3"}, 100)->size(), 1u);
  const auto quarantined = reader.devices({"quarantined", ""}, 100);
  ASSERT_EQ(quarantined->size(), 2u);
  EXPECT_FALSE((*quarantined)[0].record.shown_is_synthetic());
  EXPECT_TRUE((*quarantined)[1].record.shown_is_synthetic());
  const auto one = reader.device("d1");
  ASSERT_TRUE(one.ok() && one->has_value());
  EXPECT_EQ((*one)->record, bench.fleet.at("d1"));
  EXPECT_EQ((*one)->counts, bench.fleet.core.state().counts.at("d1"));
  EXPECT_FALSE(reader.device("nobody")->has_value());
}

TEST(StoreReader, TellsWhyEachDeviceIsInQuarantine) {
  StoreBench bench;
  fill(bench);
  const auto rows = bench.reader().quarantine(100);
  ASSERT_TRUE(rows.ok());
  ASSERT_EQ(rows->size(), 2u);
  for (const QuarantineRow& row : *rows) {
    ASSERT_TRUE(row.incident && row.decision && row.hook);
    EXPECT_EQ(row.decision->kind, DecisionKind::kQuarantine);
    EXPECT_EQ(row.decision->synthetic, row.synthetic);
    EXPECT_EQ(row.hook->status, row.synthetic ? HookStatus::kPending : HookStatus::kDone);
  }
}

TEST(StoreReader, GivesIncidentsWhole) {
  StoreBench bench;
  fill(bench);
  StoreReader reader = bench.reader();
  EXPECT_EQ(reader.incidents({}, 100)->size(), 2u);
  EXPECT_EQ(reader.incidents({"d0", "", ""}, 100)->size(), 1u);
  EXPECT_EQ(reader.incidents({"", "node-d2", ""}, 100)->size(), 1u);
  EXPECT_EQ(reader.incidents({"", "", "hang"}, 100)->size(), 0u);
  const auto detail = reader.incident("inc-d0");
  ASSERT_TRUE(detail.ok() && detail->has_value());
  EXPECT_EQ((*detail)->view, bench.fleet.view("inc-d0"));
  EXPECT_EQ((*detail)->incident.steps.size(), 2u);
  EXPECT_EQ((*detail)->decisions.size(), 1u);
  ASSERT_EQ((*detail)->hooks.size(), 1u);
  EXPECT_EQ((*detail)->hooks.front().attempts, 2u);
  EXPECT_FALSE(reader.incident("none")->has_value());
}

TEST(StoreReader, KeepsFindingsAndEvents) {
  StoreBench bench;
  fill(bench);
  StoreReader reader = bench.reader();
  const auto findings = reader.observations("d1", 10);
  ASSERT_EQ(findings->size(), 1u);
  EXPECT_EQ(findings->front().finding, "mismatch");
  EXPECT_EQ(findings->front().observation.units.size(), 2u);
  const auto events = reader.events(0, 1000);
  ASSERT_FALSE(events->empty());
  EXPECT_EQ(events->back().number, reader.last_event().value());
  EXPECT_EQ(reader.events(reader.last_event().value(), 10)->size(), 0u);
  EXPECT_EQ(reader.decisions_about("d0", 10)->size(), 1u);
  EXPECT_EQ(reader.nodes(10)->size(), 4u);
  EXPECT_EQ(reader.hooks(10)->size(), 2u);
}

TEST(StoreReader, SeesCommitsOfTheWriterWhileOpen) {
  StoreBench bench;
  StoreReader reader = bench.reader();
  EXPECT_EQ(reader.devices({}, 10)->size(), 0u);
  fill(bench);
  EXPECT_EQ(reader.devices({}, 10)->size(), 4u);
  auto transaction = std::move(bench.store.begin()).value();
  bench.fleet.send(bench.fleet.report("d9"));
  ASSERT_TRUE(transaction.apply(bench.fleet.last).ok());
  EXPECT_EQ(reader.devices({}, 10)->size(), 4u);  // not committed, not seen, not waited for
}

TEST(StoreReader, NeedsAStoreThatExists) {
  assay::test::TempDir directory;
  EXPECT_FALSE(StoreReader::open(directory / "none.db").ok());
}

}  // namespace
}  // namespace assay::collector::test
