// SPDX-License-Identifier: Apache-2.0
#include "ctl/golden_listing.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace assay::ctl {
namespace {

using testing::Contains;
using testing::Not;

TEST(GoldenListing, WhatHasNoGoldenByItsTierIsNotMissing) {
  const probes::GoldenSet empty;
  EXPECT_THAT(probes_without_golden(empty), Contains("int.mul.chain/1"));
  EXPECT_THAT(probes_without_golden(empty), Contains("smem.march/1"));
  EXPECT_THAT(probes_without_golden(empty), Not(Contains("sfu.approx/1"))) << "tier T3";
  EXPECT_EQ(list_goldens_of(empty).size(), probes_without_golden(empty).size());
}

}  // namespace
}  // namespace assay::ctl
