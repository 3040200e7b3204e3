// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/store/store_bench.h"

#include <gtest/gtest.h>

#include <utility>

namespace assay::collector::test {

std::string fake_signature(std::string_view message) { return "signed:" + std::string(message.substr(0, 8)); }

StoreOptions options_for(const std::filesystem::path& path) { return {path, fake_signature, {}}; }

Status commit(Store& store, const std::vector<Action>& actions) {
  auto transaction = TRY(store.begin());
  TRY(transaction.apply(actions));
  return transaction.commit();
}

StoreBench::StoreBench() : path(directory / "collector.db"), store(std::move(Store::open(options_for(path))).value()) {}

StoreBench::~StoreBench() = default;

void StoreBench::keep() {
  const Status kept = commit(store, fleet.all);
  ASSERT_TRUE(kept.ok()) << kept.error().message;
  fleet.all.clear();
}

void StoreBench::reopen() {
  // The lock must be gone before the file is opened again.
  { const Store old = std::move(store); }
  store = std::move(Store::open(options_for(path))).value();
}

StoreReader StoreBench::reader() const { return std::move(StoreReader::open(path)).value(); }

}  // namespace assay::collector::test
