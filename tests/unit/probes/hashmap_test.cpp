// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/host/hashmap/variants.h"

#include <gtest/gtest.h>

#include <set>
#include <vector>

#include "common/base/random.h"
#include "probes/backend/host/hashmap/kernel.h"

namespace assay::probes::host {
namespace {

TEST(HashMapOperands, KeysAreDistinctAndNeverZero) {
  std::vector<uint64_t> params(hashmap::kParamWords);
  for (const uint32_t set : {0U, 255U}) {
    hashmap::operands(set, params);
    const std::set<uint64_t> keys(params.begin(), params.begin() + hashmap::kKeys);
    EXPECT_EQ(keys.size(), hashmap::kKeys);
    EXPECT_FALSE(keys.contains(0));
  }
}

// The table stays about three quarters full: runs are long, and there is always room.
TEST(HashMapKernel, KeepsThreeKeysInFour) {
  const auto kernel = make_hashmap({});
  kernel->prepare(2);
  for (uint32_t step = 0; step < kernel->steps(); ++step) kernel->step(step);
  uint32_t full = 0;
  for (uint32_t slot = 0; slot < kHashMapSlots; ++slot) full += kernel->state()[2 * slot] != 0 ? 1 : 0;
  EXPECT_GT(full, kHashMapSlots * 70 / 100);
  EXPECT_LT(full, kHashMapSlots * 80 / 100);
}

// Broken silicon may leave any bits there: a step must end all the same, and write its output.
TEST(HashMapKernel, EndsOnATableFullOfNoise) {
  const auto kernel = make_hashmap({});
  kernel->prepare(2);
  Random random(1);
  for (uint64_t& word : kernel->state()) word = random.next() | 1;
  kernel->step(0);
  const std::set<uint64_t> values(kernel->output().begin(), kernel->output().end());
  EXPECT_GT(values.size(), hashmap::kKeys / 2);
}

}  // namespace
}  // namespace assay::probes::host
