// SPDX-License-Identifier: Apache-2.0
// Kill, full disk and damage: what was acknowledged stays, what was not leaves no trace, and the words say what to do.
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/unit/store/store_bench.h"

namespace assay::collector::test {
namespace {

// Runs `body` in a child that dies without any clean-up, as by kill -9.
template <typename Body>
void die_after(Body body) {
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    body();
    ::_exit(0);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_EQ(status, 0);
}

TEST(Durability, ACommitSurvivesTheDeathOfTheProcess) {
  assay::test::TempDir directory;
  const auto path = directory / "collector.db";
  die_after([&] {
    auto store = Store::open(options_for(path));
    FleetBench fleet;
    fleet.populate(2);
    fleet.condemn("d0");
    if (!store.ok() || !commit(*store, fleet.all).ok()) ::_exit(1);
    ::_exit(0);  // neither closed nor checkpointed
  });
  Store store = std::move(Store::open(options_for(path))).value();
  const auto state = store.load_fleet_state(from_unix_ms(1'800'000'000'000));
  ASSERT_TRUE(state.ok());
  EXPECT_EQ(state->devices.size(), 2u);
  EXPECT_EQ(state->last_decision, 1u);
}

TEST(Durability, DeathInTheMiddleOfATransactionLeavesNothingOfIt) {
  assay::test::TempDir directory;
  const auto path = directory / "collector.db";
  die_after([&] {
    auto store = Store::open(options_for(path));
    FleetBench fleet;
    fleet.populate(1);
    if (!store.ok() || !commit(*store, fleet.all).ok()) ::_exit(1);
    fleet.condemn("d5");
    auto transaction = store->begin();
    if (!transaction.ok() || !transaction->apply(fleet.last).ok()) ::_exit(1);
    ::_exit(0);
  });
  Store store = std::move(Store::open(options_for(path))).value();
  const auto state = store.load_fleet_state(from_unix_ms(1'800'000'000'000));
  ASSERT_TRUE(state.ok());
  EXPECT_EQ(state->devices.size(), 1u);
  EXPECT_EQ(state->last_decision, 0u);
}

TEST(Durability, AFullDiskRefusesWithWordsAndKeepsWhatWasCommitted) {
  assay::test::TempDir directory;
  StoreOptions options = options_for(directory / "collector.db");
  options.max_pages = 80;
  Store store = std::move(Store::open(options)).value();
  FleetBench fleet;
  FleetState committed;
  std::optional<Error> error;
  for (int i = 0; i < 2000 && !error; ++i) {
    std::vector<std::string> devices;
    for (int k = 0; k < 16; ++k) devices.push_back(fmt::format("d{}-{}", i, k));
    fleet.send(fleet.report(fmt::format("node-{}", i), devices));
    const Status status = commit(store, fleet.last);
    if (status.ok()) {
      committed = fleet.core.state();
    } else {
      error = status.error();
    }
  }
  ASSERT_TRUE(error.has_value());
  EXPECT_EQ(error->code, ErrorCode::kUnavailable);
  EXPECT_NE(error->message.find("collector.db"), std::string::npos);
  EXPECT_NE(error->message.find("free space"), std::string::npos);
  const auto loaded = store.load_fleet_state(fleet.now);
  ASSERT_TRUE(loaded.ok());
  EXPECT_EQ(*loaded, committed);
  // Room again: the loaded state goes on where it was.
  auto smaller = store.begin();
  ASSERT_TRUE(smaller.ok());
  Retention nothing_kept;
  nothing_kept.events = Duration{};
  ASSERT_TRUE(smaller->prune(nothing_kept, fleet.now + 1h, 100'000).ok());
  ASSERT_TRUE(smaller->commit().ok());
  FleetCore next(fleet.book, fleet.core.options(), *loaded);
  EXPECT_TRUE(commit(store, next.step(ReportReceived{fleet.report("node-0", {"d0-0"})}, fleet.now + 1h).actions).ok());
}

TEST(Durability, BytesThatAreNoDatabaseAreRefusedAndLeftAlone) {
  assay::test::TempDir directory;
  const auto path = directory / "collector.db";
  const std::string garbage(8192, 'x');
  std::ofstream(path, std::ios::binary) << garbage;
  const auto store = Store::open(options_for(path));
  ASSERT_FALSE(store.ok());
  EXPECT_EQ(store.error().code, ErrorCode::kCorrupt);
  EXPECT_NE(store.error().message.find("restore the file from a backup"), std::string::npos);
  std::ifstream file(path, std::ios::binary);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(file), {}), garbage);
}

TEST(Durability, DamagedPagesAreFoundWhenTheyAreRead) {
  assay::test::TempDir directory;
  const auto path = directory / "collector.db";
  {
    Store store = std::move(Store::open(options_for(path))).value();
    FleetBench fleet;
    fleet.populate(300);
    ASSERT_TRUE(commit(store, fleet.all).ok());
  }
  {
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(0, std::ios::end);
    const auto size = static_cast<int64_t>(file.tellp());
    ASSERT_GT(size, 64 * 1024);
    for (int64_t at = 16384; at < size; at += 4096) {
      file.seekp(at);
      file << std::string(2048, '\xAB');
    }
  }
  auto store = Store::open(options_for(path));
  if (store.ok()) {
    const auto state = store->load_fleet_state(from_unix_ms(1'800'000'000'000));
    ASSERT_FALSE(state.ok());
    EXPECT_EQ(state.error().code, ErrorCode::kCorrupt);
  } else {
    EXPECT_EQ(store.error().code, ErrorCode::kCorrupt);
  }
}

}  // namespace
}  // namespace assay::collector::test
