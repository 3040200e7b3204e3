// SPDX-License-Identifier: Apache-2.0
// top, events and wait: what runs on over time.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/format.h>

#include "common/base/parse.h"
#include "ctl/text_width.h"
#include "ctl/top_frame.h"
#include "tests/unit/ctl/fake_shell.h"

namespace assay::ctl::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kStatus[] = R"({"mode":"enforce","nodes":{"total":1,"reporting":1,"silent":0},"devices":{"total":1},"runs":{"match":10,"mismatch":0},"findings":0})";
constexpr char kDevices[] = R"({"devices":[{"id":"cpu-a","node":"a","state":"in_service","units":2,"runs":{"match":10,"mismatch":0,"inconclusive":1}}]})";

std::string events_json(uint64_t first, uint64_t count, uint64_t last) {
  std::string out = "{\"events\":[";
  for (uint64_t i = 0; i < count; ++i) {
    out += fmt::format(R"({}{{"number":{},"at_unix_ms":1800000000000,"kind":"verdict","node":"a","synthetic":false,"text":"event {}"}})", i == 0 ? "" : ",",
                       first + i, first + i);
  }
  return out + fmt::format("],\"last\":{}}}", last);
}

class LiveTest : public ::testing::Test {
 protected:
  LiveTest() {
    answers_["GET /v1/status"] = kStatus;
    answers_["GET /v1/devices"] = kDevices;
    answers_["GET /v1/events?after=0&limit=1"] = events_json(1, 1, 2);
    answers_["GET /v1/events?after=0"] = events_json(1, 2, 2);
    answers_["GET /v1/events?after=2"] = events_json(3, 0, 2);
    answers_["GET /v1/events?after=3"] = events_json(4, 0, 3);
  }
  FakeShell fake_;
  std::map<std::string, std::string>& answers_ = fake_.collector.answers;
};

TEST_F(LiveTest, TopEndsAfterItsTimeAndPrintsEachEventOnce) {
  fake_.pause.on_wait = [&] { answers_["GET /v1/events?after=2"] = events_json(3, 1, 3); };
  EXPECT_EQ(fake_.run({"top", "--for", "12"}), 0);
  const std::string& text = fake_.console.written;
  for (const char* event : {"event 1", "event 2", "event 3"}) {
    EXPECT_THAT(text, HasSubstr(event));
    EXPECT_EQ(text.find(event), text.rfind(event)) << event;
  }
  // A table at the start, two in between, and one at the end.
  size_t tables = 0;
  for (size_t at = text.find("NODE"); at != std::string::npos; at = text.find("NODE", at + 1)) ++tables;
  EXPECT_EQ(tables, 4U);
  EXPECT_THAT(text, Not(HasSubstr("\x1b")));
}

TEST_F(LiveTest, TopOnATerminalPaintsOverThePictureBefore) {
  fake_.console.terminal = true;
  EXPECT_EQ(fake_.run({"top", "--for", "2"}), 0);
  EXPECT_THAT(fake_.console.written, HasSubstr("\x1b["));
  EXPECT_THAT(fake_.console.written, HasSubstr("A\r\x1b[J"));
  fake_.console.written.clear();
  EXPECT_EQ(fake_.run({"top", "--once", "--no-color"}), 0);
  EXPECT_THAT(fake_.console.written, Not(HasSubstr("\x1b[32m")));
}

TEST_F(LiveTest, TopShowsAFrozenPictureAndGoesOnWhenTheCollectorIsAway) {
  fake_.pause.on_wait = [&] { fake_.collector.errors.insert({"GET /v1/status", make_error(ErrorCode::kUnavailable, "cannot reach it")}); };
  EXPECT_EQ(fake_.run({"top", "--for", "3"}), 0);
  EXPECT_THAT(fake_.console.said, HasSubstr("cannot reach it"));
  fake_.collector.errors.clear();
  fake_.collector.errors.insert({"GET /v1/status", make_error(ErrorCode::kUnavailable, "cannot reach it")});
  EXPECT_EQ(fake_.run({"top", "--for", "3"}), 69);
}

TEST_F(LiveTest, TopAsJsonIsOneDocumentALine) {
  EXPECT_EQ(fake_.run({"top", "--once", "--json"}), 0);
  const auto document = parse_json_object(fake_.console.written);
  ASSERT_TRUE(document.ok());
  EXPECT_EQ(document->at("status").text("mode"), "enforce");
  EXPECT_EQ(document->list("devices").size(), 1U);
  EXPECT_EQ(document->list("events").size(), 2U);
}

TEST(TopFrame, FitsTheTerminalAndPutsFindingsFirst) {
  TopInput input;
  input.status = parse_json_object(kStatus).value();
  std::string devices = "{\"devices\":[";
  for (int i = 0; i < 50; ++i) {
    devices += fmt::format(R"({}{{"id":"cpu-{}","node":"node-{}","state":"{}"}})", i == 0 ? "" : ",", i, i, i == 40 ? "quarantined" : "in_service");
  }
  input.devices = parse_json_object(devices + "]}").value();
  for (const JsonValue& event : parse_json_object(events_json(1, 40, 40)).value().list("events")) input.events.push_back(event);
  for (const size_t rows : {10U, 24U, 50U}) {
    View view;
    view.width_columns = 60;
    const std::string frame = top_frame(input, view, rows);
    EXPECT_LT(std::count(frame.begin(), frame.end(), '\n'), static_cast<std::ptrdiff_t>(rows));
    for (const std::string_view line : split(frame, '\n')) EXPECT_LE(columns_of(line), 60U);
    EXPECT_LT(frame.find("node-40"), frame.find("node-0")) << frame;
    EXPECT_THAT(frame, HasSubstr("event 40"));
    EXPECT_THAT(frame, HasSubstr("more devices"));
  }
}

TEST_F(LiveTest, EventsFollowAcrossAnOutage) {
  fake_.pause.most = 4;
  fake_.pause.on_wait = [&] {
    const char* next = "GET /v1/events?after=2";
    fake_.collector.errors.clear();
    if (fake_.pause.waits == 0) fake_.collector.errors.insert({next, make_error(ErrorCode::kUnavailable, "away")});
    if (fake_.pause.waits == 2) answers_[next] = events_json(3, 1, 3);
  };
  EXPECT_EQ(fake_.run({"events", "--follow"}), 0);
  EXPECT_THAT(fake_.console.written, HasSubstr("event 3"));
  EXPECT_THAT(fake_.console.said, HasSubstr("away; still trying"));
}

TEST_F(LiveTest, EventsAsJsonAreOneObjectALine) {
  EXPECT_EQ(fake_.run({"events", "--json"}), 0);
  const auto lines = split(trim(fake_.console.written), '\n');
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_EQ(parse_json_object(lines[1]).value().number("number"), 2U);
}

TEST_F(LiveTest, WaitEndsWhenItsConditionHolds) {
  answers_["GET /v1/quarantine"] = R"({"quarantine":[]})";
  fake_.pause.on_wait = [&] {
    if (fake_.pause.waits == 5) {
      answers_["GET /v1/quarantine"] = R"({"quarantine":[{"device_id":"cpu-a","node":"a","reason":"wrong","synthetic":true,"hook":{"status":"pending"}}]})";
    }
  };
  EXPECT_EQ(fake_.run({"wait", "--for-quarantine", "any", "--for-results", "10"}), 0);
  EXPECT_THAT(fake_.console.written, HasSubstr("met: quarantine of any device: cpu-a on a: wrong [drill]"));
  EXPECT_EQ(fake_.pause.waits, 6);
}

TEST_F(LiveTest, WaitGivesUpAfterItsTimeWithTwo) {
  answers_["GET /v1/quarantine"] = R"({"quarantine":[{"device_id":"cpu-a","hook":{"status":"failed","action":"drain","attempts":3}}]})";
  EXPECT_EQ(fake_.run({"wait", "--for-drain", "cpu-a", "--timeout", "5", "--json"}), 2);
  const auto document = parse_json_object(fake_.console.written).value();
  EXPECT_FALSE(document.flag("met"));
  EXPECT_EQ(document.real("waited_s"), 5.0);
  EXPECT_THAT(document.list("conditions")[0].text_or("detail", ""), HasSubstr("failed after 3 attempts"));
}

TEST_F(LiveTest, WaitIsPatientWithAnAbsentCollectorButNotWithARefusal) {
  fake_.collector.errors.insert({"GET /v1/status", make_error(ErrorCode::kUnavailable, "not yet")});
  fake_.pause.on_wait = [&] {
    if (fake_.pause.waits == 3) fake_.collector.errors.clear();
  };
  EXPECT_EQ(fake_.run({"wait", "--for-nodes", "1"}), 0);
  fake_.collector.errors.insert({"GET /v1/status", make_error(ErrorCode::kPermission, "no")});
  EXPECT_EQ(fake_.run({"wait", "--for-nodes", "1"}), 77);
  fake_.collector.errors.clear();
  fake_.collector.errors.insert({"GET /v1/status", make_error(ErrorCode::kUnavailable, "gone")});
  fake_.pause.on_wait = nullptr;
  EXPECT_EQ(fake_.run({"wait", "--for-nodes", "1", "--timeout", "2"}), 69);
  EXPECT_EQ(fake_.run({"wait"}), 64);
}

}  // namespace
}  // namespace assay::ctl::test
