// SPDX-License-Identifier: Apache-2.0
#include "ctl/probe_listing.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ctl/json_value.h"

namespace assay::ctl {
namespace {

using testing::HasSubstr;
using testing::Not;

CoverageCost sample_cost() {
  CoverageCost cost;
  cost.source = "agent";
  cost.node = "n1";
  cost.budget_ratio = 0.001;
  cost.probes["int.mul.chain/1"].variants = {{"avx2", "256-bit multipliers", 4, 3, 0.004, 1.5}, {"scalar", "the scalar multiplier", 4, 0, 0.009, 1.0}};
  return cost;
}

TEST(ProbeListing, WithoutAnythingToTellItIsTheCatalogueAlone) {
  const std::string text = probe_list_text(list_probes("").value(), std::nullopt, ListDetail::kVariants, {});
  EXPECT_THAT(text, HasSubstr("int.mul.chain/1"));
  EXPECT_THAT(text, Not(HasSubstr("TO COVER")));
  EXPECT_THAT(text, Not(HasSubstr("one pass")));
  EXPECT_THAT(probe_list_json(list_probes("").value()), HasSubstr(R"("probe":"sfu.approx/1","family":"sfu","precision":"fp32","tier":"T3")"));
  EXPECT_FALSE(parse_json_object(probe_list_json(list_probes("").value()))->at("coverage").present());
}

TEST(ProbeListing, ShowsTimeCellsAndHoursPerProbeAndInSum) {
  const auto cost = sample_cost();
  const std::string text = probe_list_text(list_probes("", cost).value(), cost, ListDetail::kProbes, {});
  EXPECT_THAT(text, HasSubstr("TO COVER"));
  EXPECT_THAT(text, HasSubstr("4.0 ms"));
  EXPECT_THAT(text, HasSubstr("2.5 h"));
  EXPECT_THAT(text, HasSubstr("8 cells, 3 of them covered; one pass takes 2.5 h at a budget of 0.1 % (the agent of n1 says)"));
  EXPECT_THAT(text, Not(HasSubstr("the scalar multiplier")));
}

TEST(ProbeListing, VariantsHaveALineEachWithTheirSilicon) {
  const auto cost = sample_cost();
  const std::string text = probe_list_text(list_probes("", cost).value(), cost, ListDetail::kVariants, {});
  EXPECT_THAT(text, HasSubstr("  avx2"));
  EXPECT_THAT(text, HasSubstr("the scalar multiplier"));
  const auto document = parse_json_object(probe_list_json(list_probes("", cost).value(), cost)).value();
  EXPECT_EQ(document.at("coverage").number("cells"), 8U);
  EXPECT_EQ(document.at("coverage").real("hours_to_cover"), 2.5);
}

TEST(ProbeListing, ReplaysOfThisNodeAreListed) {
  CoverageCost cost = sample_cost();
  cost.probes["user.lattice_step/3"] = {"T3", 16, {{"", "", 4, 2, 0.2, 0.5}}};
  const auto document = parse_json_object(probe_list_json(list_probes("", cost).value(), cost)).value();
  const JsonValue last = document.list("probes").back();
  EXPECT_EQ(last.text("probe"), "user.lattice_step/3");
  EXPECT_EQ(last.text("tier"), "T3");
  EXPECT_EQ(last.number("operand_sets"), 16U);
  EXPECT_EQ(last.real("run_s"), 0.2);
}

TEST(ProbeListing, ATimeThatIsNotKnownIsNotGuessed) {
  CoverageCost cost = sample_cost();
  cost.probes["int.mul.chain/1"].variants[1].hours_to_cover.reset();
  const std::string text = probe_list_text(list_probes("", cost).value(), cost, ListDetail::kProbes, {});
  EXPECT_THAT(text, HasSubstr("the time of a pass is not known"));
  EXPECT_FALSE(parse_json_object(probe_list_json(list_probes("", cost).value(), cost))->at("coverage").real("hours_to_cover"));
}

TEST(ProbeListing, WithACollectorAndAnAgentBothAreShown) {
  const auto cost = sample_cost();
  const std::string api = R"({"probes":[{"probe":"int.mul.chain/1","mode":"enforce","runs":7},{"probe":"new.one/1","mode":"observe"}]})";
  const std::string text = probe_list_text(list_probes(api, cost).value(), cost, ListDetail::kVariants, {});
  EXPECT_THAT(text, HasSubstr("enforce"));
  EXPECT_THAT(text, HasSubstr("new.one/1"));
}

}  // namespace
}  // namespace assay::ctl
