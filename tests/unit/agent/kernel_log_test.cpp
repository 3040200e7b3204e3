// SPDX-License-Identifier: Apache-2.0
#include "agent/telemetry/kernel_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "agent/gpu_intake.h"
#include "tests/support/temp_dir.h"

namespace assay::agent {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;

class KernelLogTest : public testing::Test {
 protected:
  void put(std::string_view text) { std::ofstream(dir_ / "kmsg", std::ios::app) << text; }
  KernelLog open(std::optional<KernelCursor> cursor = {}) { return std::move(*KernelLog::open(dir_ / "kmsg", "boot-1", std::move(cursor))); }
  static std::vector<std::string> texts(const std::vector<KernelRecord>& records) {
    std::vector<std::string> texts;
    for (const KernelRecord& record : records) texts.push_back(record.text);
    return texts;
  }
  std::unique_ptr<GpuIntake> intake(std::optional<std::string> memory = {}, std::string boot = "boot-1") {
    GpuIntakeOptions options;
    options.kernel_log = dir_ / "kmsg";
    const char* source = std::getenv("ASSAY_SOURCE_DIR");
    options.xid_table = std::filesystem::path(source == nullptr ? "." : source) / "agent/telemetry/xid.tsv";
    options.boot_id = std::move(boot);
    return std::move(*GpuIntake::open(options, std::move(memory)));
  }
  static uint64_t seen(const GpuIntake& intake, uint32_t code) {
    for (const auto& xid : intake.facts().xids) {
      if (xid.key.code == code) return xid.seen;
    }
    return 0;
  }
  static constexpr Instant kNow{WallTime{}, MonoTime{std::chrono::hours{5}}};

  assay::test::TempDir dir_;
};

TEST_F(KernelLogTest, ARecordHasASequenceATimeAndAText) {
  const auto record = parse_kernel_record("6,1234,5678901,-;NVRM: a; b");
  ASSERT_TRUE(record.ok());
  EXPECT_EQ(*record, (KernelRecord{1234, MonoTime{5678901us}, "NVRM: a; b"}));
  EXPECT_EQ(parse_kernel_record("4,5,6,c,caller=T1;x")->text, "x");
  for (const char* line : {"", "6,1,2,-", "6,1;x", "6,x,2,-;y", "6,1,99999999999999999999,-;y", "-;x"}) EXPECT_FALSE(parse_kernel_record(line).ok()) << line;
}

TEST_F(KernelLogTest, ReadsWhatIsThereThenWhatComesAndSkipsDictionaries) {
  put("6,10,100,-;one\n SUBSYSTEM=pci\n DEVICE=+pci:0000:b5:00.0\n4,11,200,-;two\n");
  KernelLog log = open();
  EXPECT_THAT(texts(log.read(100)), ElementsAre("one", "two"));
  EXPECT_TRUE(log.read(100).empty());
  put("6,12,300,-;three\n6,13,400,-;half");
  EXPECT_THAT(texts(log.read(100)), ElementsAre("three"));
  put(" a line\n");
  EXPECT_THAT(texts(log.read(100)), ElementsAre("half a line"));
  EXPECT_EQ(log.lost(), 0U);
  EXPECT_EQ(log.cursor(), (KernelCursor{"boot-1", 14}));
}

TEST_F(KernelLogTest, GoesOnAtTheCursorWithinOneBootOnly) {
  put("6,10,100,-;one\n6,11,200,-;two\n");
  KernelLog log = open();
  EXPECT_EQ(log.read(1).size(), 1U);
  const auto cursor = decode_kernel_cursor(encode(log.cursor()));
  KernelLog again = open(cursor);
  EXPECT_THAT(texts(again.read(100)), ElementsAre("two"));
  KernelLog other = open(KernelCursor{"boot-0", 900});
  EXPECT_THAT(texts(other.read(100)), ElementsAre("one", "two"));
  EXPECT_FALSE(decode_kernel_cursor("boot").has_value());
  EXPECT_FALSE(decode_kernel_cursor("boot x").has_value());
}

TEST_F(KernelLogTest, WhatTheRingOverwroteIsCounted) {
  put("6,10,100,-;one\n");
  KernelLog log = open();
  log.read(100);
  put("6,25,200,-;much later\nnonsense\n6,26,300,-;more\n");
  EXPECT_THAT(texts(log.read(100)), ElementsAre("much later", "more"));
  EXPECT_EQ(log.lost(), 15U) << "fourteen overwritten, one that is no record";
  put(std::string(100'000, 'x'));
  log.read(100);
  put("\n6,27,400,-;fine again\n");
  EXPECT_THAT(texts(log.read(100)), ElementsAre("fine again"));
}

TEST_F(KernelLogTest, AFileThatIsNotThereSaysSo) {
  EXPECT_EQ(KernelLog::open(dir_ / "none", "b", {}).error().code, ErrorCode::kNotFound);
}

TEST_F(KernelLogTest, XidsAreCountedOnceAcrossARestartAndNoneIsMissed) {
  put("4,1,1000000,-;NVRM: GPU at PCI:0000:b5:00: GPU-d10a3df6-9f2c-d3b2-5c33-5d6f4a2a39e8\n");
  put("4,2,1000001,-;NVRM: Xid (PCI:0000:b5:00): 79, GPU has fallen off the bus.\n");
  auto first = intake();
  const News news = first->advance(nullptr, kNow);
  ASSERT_EQ(news.remarks.size(), 1U);
  EXPECT_THAT(news.remarks[0].text, HasSubstr("gpu=GPU-d10a3df6-9f2c-d3b2-5c33-5d6f4a2a39e8"));
  EXPECT_THAT(news.remarks[0].text, HasSubstr(" ago=\"5.0 h\"")) << "it was there before the agent";
  EXPECT_TRUE(news.memory_changed);
  EXPECT_TRUE(first->advance(nullptr, kNow).empty());
  const std::string memory = first->memory();
  first.reset();

  put("4,3,2000000,-;NVRM: Xid (PCI:0000:b5:00): 119, Timeout after 6s of waiting for RPC response\n");
  auto second = intake(memory);
  EXPECT_EQ(second->advance(nullptr, kNow).remarks.size(), 1U) << "what came while no agent ran";
  EXPECT_EQ(seen(*second, 119), 1U);
  EXPECT_EQ(seen(*second, 79), 0U) << "counted by the agent before";

  auto after_boot = intake(memory, "boot-2");
  after_boot->advance(nullptr, kNow);
  EXPECT_EQ(seen(*after_boot, 79), 1U) << "another boot numbers anew";
  auto damaged = intake(memory.substr(0, 9));
  damaged->advance(nullptr, kNow);
  EXPECT_EQ(seen(*damaged, 79), 1U);
}

TEST_F(KernelLogTest, EventsOfNvmlCountOnlyWhereTheLogCannotBeRead) {
  auto sample = std::make_shared<TelemetrySample>();
  auto gpus = std::make_shared<GpuSample>();
  gpus->gpus.push_back({{0, "GPU-a", "Fake GPU", "", "", "", "00000000:B5:00.0"}, GpuTrouble::kNone, {}});
  gpus->xids = {{0, 79}};
  sample->gpus = gpus;
  auto blind = intake();
  EXPECT_EQ(blind->facts().log_readable, false);
  EXPECT_THAT(blind->advance(sample, kNow).remarks[0].text, HasSubstr("gpu=GPU-a"));
  EXPECT_TRUE(blind->advance(sample, kNow).empty()) << "one sample counts once";
  EXPECT_EQ(seen(*blind, 79), 1U);
  put("4,1,1000000,-;hello\n");
  auto reading = intake();
  reading->advance(sample, kNow);
  EXPECT_EQ(seen(*reading, 79), 0U);
}

}  // namespace
}  // namespace assay::agent
