// SPDX-License-Identifier: Apache-2.0
#include "collector/api/json_writer.h"

#include <limits>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "collector/api/body.h"

namespace assay::collector {
namespace {

TEST(JsonWriter, WritesNestedValuesWithCommasInTheRightPlaces) {
  JsonWriter json;
  json.begin_object().number("a", 1).begin_list("b").begin_object().end_object().number({}, 2U).text({}, "x").end_list();
  json.begin_object("c").flag("d", true).end_object().number("e", 0.5).end_object();
  EXPECT_EQ(json.str(), R"({"a":1,"b":[{},2,"x"],"c":{"d":true},"e":0.5})");
}

TEST(JsonWriter, EscapesAndRepairsText) {
  JsonWriter json;
  json.begin_object().text("k\"", "a\\\"\n\x01 \xC3\xA4 \xFF \xE2\x82 \xED\xA0\x80").end_object();
  const auto parsed = nlohmann::json::parse(json.str(), nullptr, false);
  ASSERT_FALSE(parsed.is_discarded()) << json.str();
  EXPECT_EQ(parsed["k\""].get<std::string>().substr(0, 8), "a\\\"\n\x01 \xC3\xA4");
}

TEST(JsonWriter, LeavesOutWhatIsAbsentOrNotANumber) {
  JsonWriter json;
  json.begin_object().text_if("a", "").number_if("b", std::optional<double>()).number("c", std::numeric_limits<double>::infinity());
  json.number("d", std::numeric_limits<uint64_t>::max()).number("e", -1).end_object();
  EXPECT_EQ(json.str(), R"({"d":18446744073709551615,"e":-1})");
}

TEST(Body, NamesTheMemberThatIsWrong) {
  EXPECT_FALSE(Body::parse("").ok());
  EXPECT_FALSE(Body::parse("[]").ok());
  EXPECT_FALSE(Body::parse(R"({"a":)").ok());
  EXPECT_EQ(Body::parse(R"({"a":{}})").error().message, "\"a\" must be a text, a whole number or a boolean");
  const auto body = Body::parse(R"({"reason":"because","blank":"  ","lines":"a\nb","n":7,"neg":"x"})");
  ASSERT_TRUE(body.ok());
  EXPECT_EQ(*body->line("reason", 100), "because");
  EXPECT_FALSE(body->line("reason", 3).ok());
  EXPECT_FALSE(body->line("blank", 100).ok());
  EXPECT_FALSE(body->line("none", 100).ok());
  EXPECT_FALSE(body->line("lines", 100).ok());
  EXPECT_TRUE(body->block("lines", 100).ok());
  EXPECT_EQ(*body->line_or_empty("none", 100), "");
  EXPECT_EQ(**body->number("n", 1, 10), 7U);
  EXPECT_FALSE(body->number("n", 8, 10).ok());
  EXPECT_FALSE(body->number("neg", 8, 10).ok());
  EXPECT_FALSE(body->number("none", 1, 2)->has_value());
}

TEST(Body, SurvivesDeepNesting) {
  const std::string deep = R"({"a":)" + std::string(200'000, '[') + std::string(200'000, ']') + "}";
  EXPECT_FALSE(Body::parse(deep).ok());
}

}  // namespace
}  // namespace assay::collector
