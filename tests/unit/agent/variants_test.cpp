// SPDX-License-Identifier: Apache-2.0
#include "agent/core/variants.h"

#include <gtest/gtest.h>

#include "tests/unit/agent/core_fixture.h"

namespace assay::agent {
namespace {

using namespace test;

TEST(VariantTable, KnowingNothingEachProbeHasOneUnnamedVariant) {
  const VariantTable table(3);
  EXPECT_EQ(table.probes(), 3U);
  EXPECT_EQ(table.lanes(), 3U);
  EXPECT_EQ(table.count(2), 1U);
  EXPECT_EQ(table.at(2, 0).name, "");
  EXPECT_EQ(table.find(2, "avx512"), 0U) << "whatever it is called, it is the one there is";
}

TEST(VariantTable, NumbersLanesProbeByProbeInTheOrderOffered) {
  const auto probes = three_probes();
  const VariantTable table(probes, two_variants());
  EXPECT_EQ(table.lanes(), 4U) << "alpha.one has two; gamma.three is not offered and gets an unnamed one";
  EXPECT_EQ(table.count(0), 2U);
  EXPECT_EQ(table.at(0, 0).name, "wide");
  EXPECT_EQ(table.at(0, 1).silicon, "the scalar unit");
  EXPECT_EQ(table.lane(1, 0), 2U);
  EXPECT_EQ(table.find(0, "narrow"), 1U);
  EXPECT_EQ(table.find(0, ""), 0U);
  EXPECT_FALSE(table.find(0, "amx"));
}

TEST(VariantTable, WhatADeviceLacksIsNoVariant) {
  const auto probes = three_probes();
  const std::vector<probes::ProbeVariant> offered = {{"GPU-1", "alpha.one", "", "", "this chip has no such unit", false}};
  const VariantTable table(probes, offered);
  EXPECT_EQ(table.lanes(), 3U);
  EXPECT_EQ(table.at(0, 0).name, "");
}

TEST(VariantTable, ARunnerThatOffersEndlesslyIsCutOff) {
  const auto probes = three_probes();
  std::vector<probes::ProbeVariant> many;
  for (uint32_t i = 0; i < 100; ++i) many.push_back({"cpu-test", "alpha.one", "v" + std::to_string(i), "", "", true});
  EXPECT_EQ(VariantTable(probes, many).count(0), VariantTable::kPerProbe);
}

}  // namespace
}  // namespace assay::agent
