// SPDX-License-Identifier: Apache-2.0
// Every released schema opens with this build. A release adds its own fixture, made once and never changed.
#include <stdlib.h>

#include <fstream>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "collector/store/script.h"
#include "common/base/file.h"
#include "tests/unit/store/store_bench.h"

namespace assay::collector::test {
namespace {

std::string fixture(const std::string& name) {
  const char* root = ::getenv("ASSAY_SOURCE_DIR");
  const std::filesystem::path folder = std::filesystem::path(root == nullptr ? "." : root) / "tests/unit/store/fixtures";
  return std::move(read_file(folder / name, 1024 * 1024)).value();
}

class Released : public ::testing::TestWithParam<int> {};

TEST_P(Released, OpensAndKeepsItsContent) {
  assay::test::TempDir directory;
  const auto path = directory / "collector.db";
  ASSERT_TRUE(make_database(path, fixture(fmt::format("schema_v{}.sql", GetParam()))).ok());
  auto store = Store::open(options_for(path));
  ASSERT_TRUE(store.ok()) << store.error().message;
  auto state = store->load_fleet_state(from_unix_ms(1'800'000'100'000));
  ASSERT_TRUE(state.ok()) << state.error().message;
  ASSERT_TRUE(state->devices.contains("d0"));
  EXPECT_EQ(state->devices.at("d0").real.state, DeviceState::kQuarantined);
  EXPECT_EQ(state->counts.at("d0").probes.at(kProbe).match, 4u);
  EXPECT_TRUE(state->incidents.contains("inc-d0"));
  EXPECT_EQ(state->last_decision, 1u);
  // And it can be written to.
  const ProbeBook book = make_book();
  FleetCore core(book, FleetBench::enforcing(), std::move(*state));
  const StepResult released = core.step(OperatorRelease{"d0", "ann", "upgraded"}, from_unix_ms(1'800'000'100'000));
  ASSERT_TRUE(released.status.ok());
  EXPECT_TRUE(commit(*store, released.actions).ok());
}

INSTANTIATE_TEST_SUITE_P(Schemas, Released, ::testing::Range(1, kSchemaVersion + 1));

TEST(Migrations, ANewerSchemaIsRefusedWithWords) {
  assay::test::TempDir directory;
  const auto path = directory / "collector.db";
  ASSERT_TRUE(make_database(path, "CREATE TABLE schema_version(version INTEGER PRIMARY KEY); INSERT INTO schema_version VALUES(99);").ok());
  const auto store = Store::open(options_for(path));
  ASSERT_FALSE(store.ok());
  EXPECT_EQ(store.error().code, ErrorCode::kUnsupported);
  EXPECT_NE(store.error().message.find("schema 99"), std::string::npos);
  EXPECT_EQ(StoreReader::open(path).error().code, ErrorCode::kUnsupported);
}

TEST(Migrations, ADatabaseOfAnotherProgramIsLeftAlone) {
  assay::test::TempDir directory;
  const auto path = directory / "collector.db";
  ASSERT_TRUE(make_database(path, "CREATE TABLE recipes(name TEXT);").ok());
  const auto store = Store::open(options_for(path));
  ASSERT_FALSE(store.ok());
  EXPECT_EQ(store.error().code, ErrorCode::kInvalid);
}

TEST(Migrations, OpeningTwiceChangesNothing) {
  StoreBench bench;
  bench.fleet.populate(2);
  ASSERT_TRUE(commit(bench.store, bench.fleet.all).ok());
  bench.reopen();
  bench.reopen();
  EXPECT_EQ(bench.store.load_fleet_state(bench.fleet.now)->devices.size(), 2u);
}

}  // namespace
}  // namespace assay::collector::test
