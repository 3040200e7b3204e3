// SPDX-License-Identifier: Apache-2.0
// A store in a temporary folder, and the small fleet of the core's tests to fill it with.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "collector/store/reader.h"
#include "collector/store/store.h"
#include "tests/support/temp_dir.h"
#include "tests/unit/collector_core/fleet_bench.h"

namespace assay::collector::test {

inline std::string fake_signature(std::string_view message) { return "signed:" + std::string(message.substr(0, 8)); }

inline StoreOptions options_for(const std::filesystem::path& path) { return {path, fake_signature, {}}; }

inline Status commit(Store& store, const std::vector<Action>& actions) {
  auto transaction = TRY(store.begin());
  TRY(transaction.apply(actions));
  return transaction.commit();
}

class StoreBench {
 public:
  StoreBench() : path(directory / "collector.db"), store(std::move(Store::open(options_for(path))).value()) {}
  // Commits what the fleet asked for since the last time.
  void keep() {
    const Status kept = commit(store, fleet.all);
    ASSERT_TRUE(kept.ok()) << kept.error().message;
    fleet.all.clear();
  }
  void reopen() {
    // The lock must be gone before the file is opened again.
    { const Store old = std::move(store); }
    store = std::move(Store::open(options_for(path))).value();
  }
  StoreReader reader() const { return std::move(StoreReader::open(path)).value(); }

  assay::test::TempDir directory;
  std::filesystem::path path;
  Store store;
  FleetBench fleet;
};

}  // namespace assay::collector::test
