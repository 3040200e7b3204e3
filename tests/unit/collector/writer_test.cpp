// SPDX-License-Identifier: Apache-2.0
#include "collector/writer/writer.h"

#include <atomic>
#include <future>
#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "collector/store/reader.h"
#include "common/base/clock.h"
#include "tests/support/temp_dir.h"
#include "tests/unit/collector/eventually.h"

namespace assay::collector {
namespace {

using std::chrono::milliseconds;

class WriterTest : public ::testing::Test {
 protected:
  void open(std::optional<uint32_t> max_pages = std::nullopt, size_t queue_jobs = 1024) {
    StoreOptions options;
    options.path = dir_ / "collector.db";
    options.signer = [](std::string_view) { return std::string(128, '0'); };
    options.max_pages = max_pages;
    auto store = Store::open(options);
    ASSERT_TRUE(store.ok()) << store.error().message;
    WriterOptions writer;
    writer.queue_jobs = queue_jobs;
    writer.retry = milliseconds{50};
    writer.tick = milliseconds{50};
    auto opened = Writer::open(std::move(*store), book_, {}, {}, clock_, writer, [this](const std::vector<Action>& actions, const FleetState&) {
      committed_ += actions.size();
    });
    ASSERT_TRUE(opened.ok()) << opened.error().message;
    writer_ = std::move(*opened);
  }

  // Submits a note of the given size and waits for what became of it: "" when it was committed.
  std::future<std::string> submit_note(size_t bytes) {
    auto promise = std::make_shared<std::promise<std::string>>();
    auto apply = [promise, bytes](Ledger& ledger) -> Result<Answer> {
      TRY(ledger.note({"test", "node-1", "", "", false, std::string(bytes, 'x')}));
      return Answer([promise] { promise->set_value(""); });
    };
    writer_->submit({std::move(apply), [promise](const Error& error) { promise->set_value(error.message); }});
    return promise->get_future();
  }

  uint64_t events() {
    auto reader = StoreReader::open(dir_ / "collector.db");
    return reader.ok() ? reader->events(0, 10'000)->size() : 0;
  }

  test::TempDir dir_;
  SystemClock clock_;
  ProbeBook book_;
  std::atomic<size_t> committed_{0};
  std::unique_ptr<Writer> writer_;
};

TEST_F(WriterTest, AnswersOnlyWhatIsDurable) {
  open();
  writer_->start();
  EXPECT_EQ(submit_note(10).get(), "");
  EXPECT_EQ(events(), 1U);
  EXPECT_EQ(committed_, 1U);
  EXPECT_FALSE(writer_->trouble().has_value());
}

TEST_F(WriterTest, CommitsWhatWaitsInOneGroup) {
  open();
  std::vector<std::future<std::string>> answers;
  for (int i = 0; i < 100; ++i) answers.push_back(submit_note(10));
  writer_->start();
  for (auto& answer : answers) EXPECT_EQ(answer.get(), "");
  EXPECT_EQ(events(), 100U);
  EXPECT_LT(writer_->counters().commits, 10U);
}

TEST_F(WriterTest, RefusesAtOnceWhenTheQueueIsFullOrItHasStopped) {
  open(std::nullopt, 2);
  auto first = submit_note(1);
  auto second = submit_note(1);
  EXPECT_NE(submit_note(1).get().find("too many"), std::string::npos);
  writer_->start();
  EXPECT_EQ(first.get(), "");
  EXPECT_EQ(second.get(), "");
  writer_->stop();
  EXPECT_NE(submit_note(1).get().find("stopping"), std::string::npos);
  EXPECT_EQ(writer_->counters().jobs_refused, 2U);
}

TEST_F(WriterTest, AppliesWhatIsQueuedBeforeItStops) {
  open();
  auto waiting = submit_note(1);
  writer_->start();
  writer_->stop();
  EXPECT_EQ(waiting.get(), "");
}

TEST_F(WriterTest, AFullDiskIsToldAndNothingOfTheGroupIsKept) {
  open(200);
  writer_->start();
  std::string problem;
  size_t kept = 0;
  for (; problem.empty() && kept < 100; ++kept) problem = submit_note(100'000).get();
  EXPECT_NE(problem, "");
  --kept;
  EXPECT_TRUE(writer_->trouble().has_value());
  EXPECT_EQ(writer_->counters().commits_failed > 0, true);
  uint64_t whole = 0;
  auto reader = StoreReader::open(dir_ / "collector.db");
  ASSERT_TRUE(reader.ok());
  const auto rows = reader->events(0, 10'000);
  ASSERT_TRUE(rows.ok());
  for (const EventRow& row : *rows) whole += row.notice.kind == "test" ? 1 : 0;
  EXPECT_EQ(whole, kept);
  // A little still fits, so the collector finds by itself that it can go on.
  EXPECT_TRUE(eventually([&] { return !writer_->trouble().has_value(); }));
  EXPECT_EQ(submit_note(10).get(), "");
}

TEST_F(WriterTest, AJobThatFailsTakesItsGroupWithItAndTheRulesAreLoadedAgain) {
  open();
  auto good = submit_note(1);
  auto promise = std::make_shared<std::promise<std::string>>();
  writer_->submit({[](Ledger&) -> Result<Answer> { return make_error(ErrorCode::kUnavailable, "disk is gone"); },
                   [promise](const Error& error) { promise->set_value(error.message); }});
  writer_->start();
  EXPECT_EQ(promise->get_future().get(), "disk is gone");
  EXPECT_EQ(good.get(), "disk is gone");
  EXPECT_TRUE(eventually([&] { return !writer_->trouble().has_value(); }));
  EXPECT_EQ(submit_note(1).get(), "");
}

TEST_F(WriterTest, NewPolicyHoldsFromTheNextGroup) {
  open();
  writer_->start();
  PolicyOptions policy;
  policy.mode = PolicyMode::kEnforce;
  writer_->set_policy(policy);
  EXPECT_TRUE(eventually([&] { return writer_->snapshot()->options.mode == PolicyMode::kEnforce; }));
}

}  // namespace
}  // namespace assay::collector
