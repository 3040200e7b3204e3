// SPDX-License-Identifier: Apache-2.0
// A store in a temporary folder, and the small fleet of the core's tests to fill it with.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "collector/store/reader.h"
#include "collector/store/store.h"
#include "tests/support/temp_dir.h"
#include "tests/unit/collector_core/fleet_bench.h"

namespace assay::collector::test {

std::string fake_signature(std::string_view message);
StoreOptions options_for(const std::filesystem::path& path);
Status commit(Store& store, const std::vector<Action>& actions);

class StoreBench {
 public:
  StoreBench();
  ~StoreBench();
  // Commits what the fleet asked for since the last time.
  void keep();
  void reopen();
  StoreReader reader() const;

  assay::test::TempDir directory;
  std::filesystem::path path;
  Store store;
  FleetBench fleet;
};

}  // namespace assay::collector::test
