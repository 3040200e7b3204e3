// SPDX-License-Identifier: Apache-2.0
#include "common/net/http.h"

#include <gtest/gtest.h>

namespace assay::net {
namespace {

using Query = std::map<std::string, std::string>;

TEST(ParseTarget, SplitsPathAndQuery) {
  Request request;
  ASSERT_TRUE(parse_target("/v1/devices?state=suspect&node=n%201", request));
  EXPECT_EQ(request.path, "/v1/devices");
  EXPECT_EQ(request.query, (Query{{"state", "suspect"}, {"node", "n 1"}}));
}

TEST(ParseTarget, DecodesThePathAndKeepsPlus) {
  Request request;
  ASSERT_TRUE(parse_target("/a%2fb+c%C3%BC", request));
  EXPECT_EQ(request.path, "/a/b+cü");
  EXPECT_TRUE(request.query.empty());
}

TEST(ParseTarget, LastOfEqualNamesWins) {
  Request request;
  ASSERT_TRUE(parse_target("/?a=1&b&a=2&&c=", request));
  EXPECT_EQ(request.query, (Query{{"a", "2"}, {"b", ""}, {"c", ""}}));
}

TEST(ParseTarget, ValueMayHoldEqualsAndQuestionMark) {
  Request request;
  ASSERT_TRUE(parse_target("/x?a=b=c?d", request));
  EXPECT_EQ(request.query, (Query{{"a", "b=c?d"}}));
}

TEST(ParseTarget, ForgetsTheQueryOfBefore) {
  Request request;
  ASSERT_TRUE(parse_target("/x?a=1", request));
  ASSERT_TRUE(parse_target("/y", request));
  EXPECT_TRUE(request.query.empty());
}

TEST(ParseTarget, StarIsForOptions) {
  Request request;
  ASSERT_TRUE(parse_target("*", request));
  EXPECT_EQ(request.path, "*");
}

TEST(ParseTarget, RefusesWhatIsBroken) {
  Request request;
  for (const char* bad : {"", "x", "http://h/", "/%", "/%4", "/%4g", "/%zz", "/?a=%", "/?%=1", "/a#b", "/%00", "/%0a",
                          "/?a=%0D", "/%7f"}) {
    EXPECT_FALSE(parse_target(bad, request)) << bad;
  }
}

TEST(PercentEncode, KeepsTheUnreservedAndRoundTrips) {
  EXPECT_EQ(percent_encode("aZ09-._~"), "aZ09-._~");
  EXPECT_EQ(percent_encode("a/b c?&=%ü"), "a%2Fb%20c%3F%26%3D%25%C3%BC");
  Request request;
  ASSERT_TRUE(parse_target("/x?v=" + percent_encode("a&b=c%d e"), request));
  EXPECT_EQ(request.query.at("v"), "a&b=c%d e");
}

}  // namespace
}  // namespace assay::net
