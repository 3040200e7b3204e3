// SPDX-License-Identifier: Apache-2.0
#include "ctl/coverage_cost.h"

#include <gtest/gtest.h>

namespace assay::ctl {
namespace {

// Two sockets; the second has one probe, slower.
constexpr char kTwoDevices[] = R"({"node":"n1","devices":[
  {"device_id":"a","units":2,"budget_ratio":0.001,"probes":[
    {"probe":"x/1","variants":[{"variant":"avx2","silicon":"vectors","cells":2,"cells_covered":2,"run_s":0.002,"pass_s":3600},
                               {"variant":"scalar","silicon":"scalar","cells":2,"cells_covered":0,"pass_s":1800}]},
    {"probe":"y/2","variants":[{"silicon":"","cells":2,"cells_covered":1}]}]},
  {"device_id":"b","units":4,"budget_ratio":0.001,"probes":[
    {"probe":"x/1","variants":[{"variant":"avx2","silicon":"vectors","cells":4,"cells_covered":1,"run_s":0.003,"pass_s":7200}]}]}]})";

TEST(CoverageCost, AddsTheCellsOfAllDevicesAndTakesTheSlowestOne) {
  const auto cost = cost_from_agent(kTwoDevices);
  ASSERT_TRUE(cost.ok()) << cost.error().message;
  EXPECT_EQ(cost->source, "agent");
  EXPECT_EQ(cost->node, "n1");
  EXPECT_EQ(cost->budget_ratio, 0.001);
  const ProbeCost& x = cost->probes.at("x/1");
  ASSERT_EQ(x.variants.size(), 2U);
  EXPECT_EQ(x.variants[0].variant, "avx2");
  EXPECT_EQ(x.variants[0].cells, 6U);
  EXPECT_EQ(x.variants[0].cells_covered, 3U);
  EXPECT_EQ(x.variants[0].run_s, 0.003);
  EXPECT_EQ(x.variants[0].hours_to_cover, 2.0);
  EXPECT_EQ(x.cells(), 8U);
  EXPECT_EQ(x.hours_to_cover(), 2.5);
  EXPECT_FALSE(x.variants[1].run_s) << "not measured yet";
}

TEST(CoverageCost, ASumWithAnUnknownInItIsUnknown) {
  const auto cost = cost_from_agent(kTwoDevices).value();
  EXPECT_FALSE(cost.probes.at("y/2").hours_to_cover());
  EXPECT_FALSE(cost.total().hours_to_cover());
  EXPECT_EQ(cost.total().cells(), 10U);
  EXPECT_EQ(cost.total().cells_covered(), 4U);
}

TEST(CoverageCost, RefusesWhatIsNoSuchAnswer) {
  for (const char* text : {"", "[]", "{}", R"({"devices":[]})", R"({"error":{"code":"invalid"}})"}) {
    EXPECT_FALSE(cost_from_agent(text).ok()) << text;
  }
  EXPECT_TRUE(cost_from_agent(R"({"devices":[{"probes":[{"variants":[{}]},7]},3]})").ok()) << "what another release adds or leaves out does no harm";
}

}  // namespace
}  // namespace assay::ctl
