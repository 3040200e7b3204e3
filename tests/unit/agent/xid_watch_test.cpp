// SPDX-License-Identifier: Apache-2.0
#include "agent/core/xid_watch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "common/base/file.h"

namespace assay::agent {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

constexpr MonoTime kStart{std::chrono::hours{1}};
constexpr char kBus[] = "00000000:B5:00.0";

XidTable shipped() {
  const char* source = std::getenv("ASSAY_SOURCE_DIR");
  const auto text = read_file(std::filesystem::path(source == nullptr ? "." : source) / "agent/telemetry/xid.tsv", 1 << 20);
  EXPECT_TRUE(text.ok());
  auto table = XidTable::parse(*text, "xid.tsv");
  EXPECT_TRUE(table.ok()) << (table.ok() ? "" : table.error().message);
  return std::move(*table);
}
XidLine xid(uint32_t code, const char* detail = "", XidSeverity severity = XidSeverity::kUnknown) {
  return {XidKind::kXid, code, kBus, severity, false, detail};
}
std::string told(const News& news) { return news.remarks.empty() ? "" : news.remarks[0].text; }

TEST(XidTable, TheShippedTableIsWholeAndEveryRowHasASource) {
  const XidTable table = shipped();
  EXPECT_GT(table.rows().size(), 130U);
  for (const XidRule& rule : table.rows()) EXPECT_GT(rule.source.size(), 5U) << rule.first;
  EXPECT_EQ(table.rule_of(XidKind::kXid, 79).action, XidAction::kDrainReboot);
  EXPECT_EQ(table.rule_of(XidKind::kXid, 79).xid_class, "gpu_fatal");
  EXPECT_EQ(table.rule_of(XidKind::kXid, 48).xid_class, "memory_uncorrectable");
  EXPECT_EQ(table.rule_of(XidKind::kXid, 64).action, XidAction::kQuarantine);
  EXPECT_EQ(table.rule_of(XidKind::kXid, 45).action, XidAction::kNone);
  EXPECT_EQ(table.rule_of(XidKind::kXid, 13).count, 3U);
  EXPECT_EQ(table.rule_of(XidKind::kXid, 130).xid_class, "engine") << "a row of several codes";
  EXPECT_EQ(table.rule_of(XidKind::kSxid, 23005).action, XidAction::kDrainReset);
  EXPECT_EQ(table.rule_of(XidKind::kXid, 23005).xid_class, "unclassified");
}

TEST(XidTable, NamesTheLineOfWhatIsWrong) {
  const std::string head = "kind\tfirst\tlast\tmnemonic\tmeaning\tclass\taction\tcount\twindow\tvendor_action\tsource\n";
  const auto error = [&](const std::string& row) {
    const auto table = XidTable::parse("# x\n" + head + row, "t.tsv");
    return table.ok() ? "" : table.error().message;
  };
  EXPECT_EQ(error("xid\t1\t1\tA\tb\tc\twatch\t1\t10min\t-\ts\n"), "");
  EXPECT_THAT(error("xid\t1\t1\tA\tb\tc\twatch\t1\t10min\t-\n"), HasSubstr("t.tsv:3: 10 columns"));
  EXPECT_THAT(error("xid\t1\t1\tA\tb\tc\twatch\t1\t10min\t-\t\n"), HasSubstr("a column is empty")) << "no source";
  EXPECT_THAT(error("yid\t1\t1\tA\tb\tc\twatch\t1\t10min\t-\ts\n"), HasSubstr("kind must be"));
  EXPECT_THAT(error("xid\t2\t1\tA\tb\tc\twatch\t1\t10min\t-\ts\n"), HasSubstr("in order"));
  EXPECT_THAT(error("xid\t1\t1\tA\tb\tc\tburn\t1\t10min\t-\ts\n"), HasSubstr("'burn' is not an action: choose one of none, watch"));
  EXPECT_THAT(error("xid\t1\t1\tA\tb\tc\twatch\t0\t10min\t-\ts\n"), HasSubstr("count must be 1 to 64"));
  EXPECT_THAT(error("xid\t1\t1\tA\tb\tc\twatch\t1\t99d\t-\ts\n"), HasSubstr("window must be"));
  EXPECT_THAT(error("xid\t1\t4\tA\tb\tc\twatch\t1\t1h\t-\ts\nxid\t3\t9\tA\tb\tc\twatch\t1\t1h\t-\ts\n"), HasSubstr("t.tsv:4: code 3 is there twice"));
  EXPECT_THAT(XidTable::parse("xid\n", "t.tsv").error().message, HasSubstr("must name the columns"));
  EXPECT_FALSE(XidTable::parse("", "t.tsv").ok());
}

TEST(XidWatch, CountsEachAndTellsOfAFatalOneAtOnce) {
  XidWatch watch(shipped());
  const News news = watch.step(xid(79, "GPU has fallen off the bus."), kStart, "GPU-1");
  ASSERT_EQ(news.remarks.size(), 1U);
  EXPECT_EQ(news.remarks[0].kind, RemarkKind::kXid);
  EXPECT_TRUE(news.urgent);
  EXPECT_EQ(told(news), "gpu=GPU-1 pci_bus_id=00000000:B5:00.0 xid=79 GPU_HAS_FALLEN_OFF_THE_BUS class=gpu_fatal proposed=drain_reboot said=\"GPU has fallen off the bus.\"");
  EXPECT_EQ(watch.counts().at({kBus, XidKind::kXid, 79}).seen, 1U);
  EXPECT_EQ(watch.counts().at({kBus, XidKind::kXid, 79}).xid_class, "gpu_fatal");
}

TEST(XidWatch, AnXidThatPersistsIsCountedAndToldOncePerWindow) {
  XidWatch watch(shipped());
  size_t remarks = 0;
  for (int i = 0; i < 700; ++i) remarks += watch.step(xid(79), kStart + i * 1s, "").remarks.size();
  EXPECT_EQ(remarks, 2U) << "now, and after ten minutes";
  EXPECT_EQ(watch.counts().at({kBus, XidKind::kXid, 79}).seen, 700U);
  EXPECT_EQ(watch.findings().at({kBus, XidKind::kXid, XidAction::kDrainReboot}), 2U);
}

TEST(XidWatch, AnErrorOfApplicationsNeedsItsCountWithinItsWindow) {
  XidWatch watch(shipped());
  EXPECT_TRUE(watch.step(xid(13), kStart, "").remarks.empty());
  EXPECT_TRUE(watch.step(xid(13), kStart + 1h, "").remarks.empty());
  EXPECT_TRUE(watch.step(xid(13), kStart + 26h, "").remarks.empty()) << "the first two are too old by now";
  EXPECT_TRUE(watch.step(xid(13), kStart + 27h, "").remarks.empty());
  EXPECT_THAT(told(watch.step(xid(13), kStart + 28h, "")), HasSubstr("proposed=retest count=3 window=24.0 h"));
}

TEST(XidWatch, OtherGpusDoNotAddUp) {
  XidWatch watch(shipped());
  for (const char* bus : {"00000000:01:00.0", "00000000:02:00.0", "00000000:03:00.0", "00000000:04:00.0"}) {
    XidLine line = xid(31);
    line.pci_bus_id = bus;
    EXPECT_TRUE(watch.step(line, kStart, "").remarks.empty());
  }
}

TEST(XidWatch, WhatIsToBeIgnoredIsStillCounted) {
  XidWatch watch(shipped());
  for (int i = 0; i < 100; ++i) EXPECT_TRUE(watch.step(xid(45), kStart + i * 1h, "").remarks.empty());
  EXPECT_EQ(watch.counts().at({kBus, XidKind::kXid, 45}).seen, 100U);
}

TEST(XidWatch, OneFaultOfMemoryInSeveralXidsIsOneFinding) {
  XidWatch watch(shipped());
  EXPECT_THAT(told(watch.step(xid(48), kStart, "")), HasSubstr("drain_reset"));
  EXPECT_TRUE(watch.step(xid(63), kStart + 1s, "").remarks.empty());
  EXPECT_TRUE(watch.step(xid(95), kStart + 2s, "").remarks.empty());
  EXPECT_TRUE(watch.step(xid(154, "GPU recovery action changed from 0x0 (None) to 0x1 (GPU Reset Required)"), kStart + 2s, "").remarks.empty());
  EXPECT_THAT(told(watch.step(xid(154, "GPU recovery action changed from 0x1 (GPU Reset Required) to 0x2 (Node Reboot Required)"), kStart + 11min, "")),
              HasSubstr("proposed=drain_reboot"));
  EXPECT_THAT(told(watch.step(xid(63), kStart + 20min, "")), HasSubstr("class=memory_repair proposed=watch")) << "another fault";
}

TEST(XidWatch, ARecoveryThatAsksForMoreIsToldWithinTheFault) {
  XidWatch watch(shipped());
  EXPECT_FALSE(watch.step(xid(48), kStart, "").remarks.empty());
  EXPECT_THAT(told(watch.step(xid(154, "changed from 0x0 (None) to 0x2 (Node Reboot Required)"), kStart + 1s, "")), HasSubstr("drain_reboot"));
}

TEST(XidWatch, TheSeverityOfALinkErrorDecides) {
  XidWatch watch(shipped());
  EXPECT_THAT(told(watch.step(xid(149, "NETIR Nonfatal", XidSeverity::kNonFatal), kStart, "")), HasSubstr("proposed=watch"));
  EXPECT_THAT(told(watch.step(xid(145, "RLW Fatal", XidSeverity::kFatal), kStart, "")), HasSubstr("proposed=drain_reset"));
}

TEST(XidWatch, TheSameEventInOtherWordsIsNotCountedTwice) {
  XidWatch watch(shipped());
  watch.step(xid(79), kStart, "");
  XidLine words = xid(79);
  words.implied = true;
  watch.step(words, kStart + 1s, "");
  EXPECT_EQ(watch.counts().at({kBus, XidKind::kXid, 79}).seen, 1U);
  watch.step(words, kStart + 1min, "");
  EXPECT_EQ(watch.counts().at({kBus, XidKind::kXid, 79}).seen, 2U) << "alone it counts";
}

TEST(XidWatch, ASitesRuleComesBeforeTheTable) {
  XidTable table = shipped();
  table.override_with({{XidKind::kXid, 43, XidAction::kRetest, 2, 1h}});
  EXPECT_EQ(table.rule_of(XidKind::kXid, 43).xid_class, "application") << "the class stays";
  XidWatch watch(table);
  EXPECT_TRUE(watch.step(xid(43), kStart, "").remarks.empty());
  EXPECT_THAT(told(watch.step(xid(43), kStart + 50min, "")), HasSubstr("proposed=retest count=2"));
}

TEST(XidWatch, ARestartNeitherForgetsNorRepeats) {
  XidWatch before(shipped());
  before.step(xid(13), kStart, "");
  before.step(xid(13), kStart + 1min, "");
  before.step(xid(79), kStart + 1min, "");
  XidWatch after(shipped());
  after.restore(before.memory());
  EXPECT_FALSE(after.step(xid(13), kStart + 2min, "").remarks.empty()) << "the third within the window";
  EXPECT_TRUE(after.step(xid(79), kStart + 2min, "").remarks.empty()) << "told already";
  XidWatch other(shipped());
  other.restore(before.memory().substr(0, 40));
  EXPECT_FALSE(other.step(xid(79), kStart + 2min, "").remarks.empty()) << "a memory that is cut is none";
}

TEST(XidWatch, ALogFullOfNumbersDoesNotFillMemory) {
  XidWatch watch(shipped());
  for (uint32_t code = 0; code < 5000; ++code) watch.step(xid(code), kStart, "");
  EXPECT_EQ(watch.counts().size(), XidWatch::kKeysMost);
  EXPECT_EQ(watch.overflow(), 5000 - XidWatch::kKeysMost);
}

TEST(XidTable, SomeFindingsPutTheHardwareInDoubtAndOthersOnlyAJobOrALink) {
  EXPECT_TRUE(doubts_hardware("memory_uncorrectable", XidAction::kDrainReset));
  EXPECT_TRUE(doubts_hardware("gpu_fatal", XidAction::kDrainReboot));
  EXPECT_TRUE(doubts_hardware("data_path", XidAction::kRetest));
  EXPECT_TRUE(doubts_hardware("engine", XidAction::kQuarantine)) << "a site's own rule";
  EXPECT_FALSE(doubts_hardware("engine", XidAction::kWatch));
  EXPECT_FALSE(doubts_hardware("application", XidAction::kRetest));
  EXPECT_FALSE(doubts_hardware("fabric", XidAction::kDrainReset));
  EXPECT_FALSE(doubts_hardware("memory_repair", XidAction::kNone));
}

}  // namespace
}  // namespace assay::agent
