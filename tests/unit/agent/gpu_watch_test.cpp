// SPDX-License-Identifier: Apache-2.0
#include "agent/core/gpu_watch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace assay::agent {
namespace {

using namespace std::chrono_literals;
using Q = GpuQuantity;
using testing::HasSubstr;

constexpr MonoTime kStart{std::chrono::hours{1}};

TEST(CounterTrend, TheFirstValueIsNoGrowth) {
  CounterTrend trend(64, 1h);
  EXPECT_EQ(trend.add(1'000'000, kStart), 0.0) << "a lifetime before us says nothing about now";
  EXPECT_EQ(trend.add(1'000'003, kStart + 10s), 3.0);
  EXPECT_EQ(trend.total(), 3.0);
}

TEST(CounterTrend, ACounterThatFellWasResetAndBeganAtZero) {
  CounterTrend trend(64, 1h);
  trend.add(500, kStart);
  EXPECT_EQ(trend.add(2, kStart + 10s), 2.0);
  EXPECT_EQ(trend.resets(), 1U);
  EXPECT_EQ(trend.add(2, kStart + 20s), 0.0);
}

TEST(CounterTrend, ANarrowCounterWrapsNearItsEndAndIsResetElsewhere) {
  CounterTrend trend(32, 1h);
  trend.add(4294967290.0, kStart);
  EXPECT_EQ(trend.add(4, kStart + 10s), 10.0);
  EXPECT_EQ(trend.resets(), 0U);
  trend.add(1000, kStart + 20s);
  EXPECT_EQ(trend.add(7, kStart + 30s), 7.0) << "not near the end: a reset";
  EXPECT_EQ(trend.resets(), 1U);
  CounterTrend wide(64, 1h);
  wide.add(1.8e19, kStart);
  EXPECT_EQ(wide.add(4, kStart + 10s), 4.0);
  EXPECT_EQ(wide.resets(), 1U);
}

TEST(CounterTrend, TheWindowForgets) {
  CounterTrend trend(64, 1h);
  trend.add(0, kStart);
  trend.add(50, kStart + 1min);
  EXPECT_EQ(trend.increase(), 50.0);
  for (int minute = 2; minute <= 59; ++minute) trend.add(50, kStart + minute * 1min);
  EXPECT_EQ(trend.increase(), 50.0);
  for (int minute = 60; minute <= 125; ++minute) trend.add(50, kStart + minute * 1min);
  EXPECT_EQ(trend.increase(), 0.0);
  EXPECT_EQ(trend.total(), 50.0);
  for (int second = 0; second < 36'000; ++second) trend.add(50 + second, kStart + 200min + second * 1s);
  EXPECT_NEAR(trend.increase(), 3600, 61);
}

GpuSample one(std::vector<GpuFact> facts, GpuTrouble trouble = GpuTrouble::kNone) {
  GpuSample sample;
  sample.gpus.push_back({{0, "GPU-a", "Fake GPU", "", "", "", "00000000:B5:00.0"}, trouble, std::move(facts)});
  return sample;
}
std::vector<std::string> told(const News& news) {
  std::vector<std::string> texts;
  for (const Remark& remark : news.remarks) texts.push_back(remark.text);
  return texts;
}

TEST(GpuWatch, OldErrorsAreNoNewsAndNewOnesAre) {
  GpuWatch watch;
  EXPECT_TRUE(watch.step(one({{Q::kEccErrors, "uncorrected,volatile", 7}, {Q::kRowRemaps, "uncorrectable", 3}}), kStart).empty());
  const News news = watch.step(one({{Q::kEccErrors, "uncorrected,volatile", 9}, {Q::kRowRemaps, "uncorrectable", 4}}), kStart + 10s);
  EXPECT_THAT(told(news), testing::ElementsAre("gpu=GPU-a pci_bus_id=00000000:B5:00.0 ecc_uncorrected=+2", "gpu=GPU-a pci_bus_id=00000000:B5:00.0 row_remaps=+1"));
  EXPECT_TRUE(news.urgent);
  EXPECT_EQ(watch.increases().at({"GPU-a", GpuErrorKind::kEccUncorrected}), 2.0);
}

TEST(GpuWatch, ErrorsThatHealthyGpusHaveAreTrendsOnly) {
  GpuWatch watch;
  watch.step(one({{Q::kEccErrors, "corrected,volatile", 1}, {Q::kPcieReplays, "", 4294967295.0}, {Q::kNvlinkErrors, "replay", 1}, {Q::kNvlinkErrors, "crc_flit", 5}}), kStart);
  const News news = watch.step(one({{Q::kEccErrors, "corrected,volatile", 900}, {Q::kPcieReplays, "", 9}, {Q::kNvlinkErrors, "replay", 2}, {Q::kNvlinkErrors, "crc_flit", 7}}), kStart + 10s);
  EXPECT_TRUE(news.empty());
  EXPECT_EQ(watch.increases().at({"GPU-a", GpuErrorKind::kEccCorrected}), 899.0);
  EXPECT_EQ(watch.increases().at({"GPU-a", GpuErrorKind::kPcieReplays}), 10.0) << "wrapped at 32 bits";
  EXPECT_EQ(watch.increases().at({"GPU-a", GpuErrorKind::kNvlink}), 3.0);
  EXPECT_FALSE(watch.increases().contains({"GPU-a", GpuErrorKind::kRetiredPages})) << "what is not counted has no trend";
}

TEST(GpuWatch, AStateIsToldWhenItBeginsAndAgainAfterItEnded) {
  GpuWatch watch;
  EXPECT_THAT(told(watch.step(one({{Q::kRowRemapPending, "", 1}}), kStart)), testing::ElementsAre(HasSubstr("row_remap_pending")));
  EXPECT_TRUE(watch.step(one({{Q::kRowRemapPending, "", 1}}), kStart + 10s).empty());
  EXPECT_THAT(told(watch.step(one({}, GpuTrouble::kLost), kStart + 20s)), testing::ElementsAre(HasSubstr("lost")));
  EXPECT_TRUE(watch.step(one({{Q::kRowRemapPending, "", 1}}), kStart + 30s).empty()) << "it was so all the time";
  watch.step(one({{Q::kRowRemapPending, "", 0}}), kStart + 40s);
  EXPECT_FALSE(watch.step(one({{Q::kRowRemapPending, "", 1}}), kStart + 50s).empty());
}

TEST(GpuWatch, WhatTheDriverAsksForIsTold) {
  GpuWatch watch;
  EXPECT_TRUE(watch.step(one({{Q::kRecoveryAction, "none", 1}, {Q::kRecoveryAction, "gpu_reset", 0}}), kStart).empty());
  EXPECT_THAT(told(watch.step(one({{Q::kRecoveryAction, "none", 0}, {Q::kRecoveryAction, "gpu_reset", 1}}), kStart + 10s)),
              testing::ElementsAre(HasSubstr("recovery_action=gpu_reset")));
  EXPECT_THAT(told(watch.step(one({{Q::kClockEvent, "sw_power_cap", 1}, {Q::kClockEvent, "hw_thermal", 1}}), kStart + 20s)),
              testing::ElementsAre(HasSubstr("throttled=hw_thermal"))) << "a power cap is daily life";
}

TEST(GpuWatch, WhatRepairsDoNotCoverPutsThePartInDoubt) {
  const auto doubted = [](GpuWatch& watch, const GpuSample& sample, Duration after) {
    std::vector<std::string> texts;
    for (const Remark& remark : watch.step(sample, kStart + after).remarks) {
      if (remark.suspects) texts.push_back(remark.text.substr(remark.text.rfind(' ') + 1));
    }
    return texts;
  };
  GpuWatch watch;
  watch.step(one({{Q::kEccErrors, "uncorrected,volatile", 0}, {Q::kRowRemaps, "correctable", 0}}), kStart);
  EXPECT_THAT(doubted(watch, one({{Q::kEccErrors, "uncorrected,volatile", 1}, {Q::kRowRemaps, "correctable", 1}, {Q::kRowRemapPending, "", 1}}), 10s),
              testing::ElementsAre("ecc_uncorrected=+1"));
  EXPECT_THAT(doubted(watch, one({{Q::kRowRemapFailure, "", 1}, {Q::kClockEvent, "hw_thermal", 1}}), 20s), testing::ElementsAre("row_remap_failure"));
  EXPECT_THAT(doubted(watch, one({}, GpuTrouble::kUnreadable), 30s), testing::IsEmpty()) << "it may be the driver's";
  EXPECT_THAT(doubted(watch, one({}, GpuTrouble::kLost), 40s), testing::ElementsAre("lost"));
}

TEST(GpuWatch, EachHungCallIsToldOnce) {
  GpuWatch watch;
  NvmlReaderFacts facts;
  EXPECT_TRUE(watch.step(facts).empty());
  facts.hung.push_back({1, "nvmlDeviceGetTemperatureV", 1, "GPU-b", 10s});
  const News news = watch.step(facts);
  ASSERT_EQ(news.remarks.size(), 1U);
  EXPECT_EQ(news.remarks[0].kind, RemarkKind::kHungDriverCall);
  EXPECT_EQ(news.remarks[0].text, "call=nvmlDeviceGetTemperatureV gpu=GPU-b after=\"10.0 s\"");
  EXPECT_TRUE(watch.step(facts).empty());
  facts.hung.push_back({2, "nvmlInit_v2", {}, "", 10s});
  facts.stuck = true;
  EXPECT_THAT(told(watch.step(facts)), testing::ElementsAre(HasSubstr("call=nvmlInit_v2 after=\"10.0 s\"; its process is stuck")));
}

}  // namespace
}  // namespace assay::agent
