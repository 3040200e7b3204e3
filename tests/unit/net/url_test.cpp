// SPDX-License-Identifier: Apache-2.0
#include "common/net/url.h"

#include <gtest/gtest.h>

namespace assay::net {
namespace {

TEST(ServerUrl, SplitsHostAndPort) {
  const auto named = parse_server_url("https://collector.example:9480");
  ASSERT_TRUE(named.ok());
  EXPECT_EQ(named->host, "collector.example");
  EXPECT_EQ(named->port, 9480);
  EXPECT_EQ(named->authority, "collector.example:9480");
  EXPECT_EQ(parse_server_url("https://collector/")->port, 443);
  EXPECT_EQ(parse_server_url("https://collector")->authority, "collector");
}

TEST(ServerUrl, TakesIpv6InBrackets) {
  const auto address = parse_server_url("https://[::1]:9480/");
  ASSERT_TRUE(address.ok());
  EXPECT_EQ(address->host, "::1");
  EXPECT_EQ(address->port, 9480);
  EXPECT_EQ(address->authority, "[::1]:9480");
}

TEST(ServerUrl, RefusesWithAnExample) {
  for (const char* bad : {"", "collector:9480", "http://c:1", "https://", "https://:80", "https://c:", "https://c:0",
                          "https://c:65536", "https://c:x", "https://c:1/path", "https://u@c", "https://[::1",
                          "https://[c]:1", "https://[]", "https://[::1]9480", "https://c d", "https://::1"}) {
    const auto refused = parse_server_url(bad);
    ASSERT_FALSE(refused.ok()) << bad;
    EXPECT_EQ(refused.error().code, ErrorCode::kInvalid);
    EXPECT_NE(refused.error().message.find("https://collector.example:9480"), std::string::npos);
  }
}

}  // namespace
}  // namespace assay::net
