// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "ctl/json_value.h"
#include "ctl/json_writer.h"

namespace assay::ctl {
namespace {

TEST(JsonValue, GivesNothingForAbsentOrOtherTypes) {
  const JsonValue value = parse_json_object(R"({"n":5,"s":"x","neg":-3,"f":1.5,"null":null,"list":[1,"a"],"t":true})").value();
  EXPECT_EQ(value.number("n"), 5U);
  EXPECT_EQ(value.number("neg"), std::nullopt);
  EXPECT_EQ(value.integer("neg"), -3);
  EXPECT_EQ(value.number("f"), std::nullopt);
  EXPECT_EQ(value.real("f"), 1.5);
  EXPECT_EQ(value.text("n"), std::nullopt);
  EXPECT_EQ(value.text("s"), "x");
  EXPECT_FALSE(value.at("null").present());
  EXPECT_FALSE(value.at("missing").at("deeper").present());
  EXPECT_EQ(value.list("list").size(), 2U);
  EXPECT_TRUE(value.list("s").empty());
  EXPECT_TRUE(value.flag("t"));
  EXPECT_FALSE(value.flag("s"));
}

TEST(JsonValue, RefusesWhatIsNoDocument) {
  for (const char* text : {"", "{", "nonsense", "{\"a\":1}}", "\xff"}) EXPECT_FALSE(parse_json(text).ok()) << text;
  EXPECT_FALSE(parse_json_object("[1]").ok());
  EXPECT_EQ(parse_json("").error().code, ErrorCode::kCorrupt);
}

TEST(JsonValue, PartsOutliveTheWhole) {
  JsonValue inner;
  { inner = parse_json_object(R"({"a":{"b":"still here"}})").value().at("a"); }
  EXPECT_EQ(inner.text("b"), "still here");
}

TEST(JsonWriter, WritesFieldsInOrderAndSkipsAbsentOnes) {
  JsonWriter json;
  json.begin_object().field("a", "x\"\\\n").field("b", uint64_t{7}).field("none", std::optional<uint64_t>()).begin_array("list");
  json.element("one").element(uint64_t{2}).begin_object().field("ok", true).end_object().end_array();
  json.begin_object("inner").field("ratio", 0.5).end_object().end_object();
  EXPECT_EQ(json.take(), R"({"a":"x\"\\\u000a","b":7,"list":["one",2,{"ok":true}],"inner":{"ratio":0.5}})");
}

TEST(JsonWriter, WhatItWritesReadsBack) {
  const std::string odd = "caf\xc3\xa9 \xff \x1b[0m";
  const std::string text = JsonWriter().begin_object().field("t", odd).end_object().take();
  EXPECT_EQ(parse_json_object(text).value().text("t"), "caf\xc3\xa9 \xef\xbf\xbd \x1b[0m");
}

}  // namespace
}  // namespace assay::ctl
