// SPDX-License-Identifier: Apache-2.0
#include "collector/api/router.h"

#include <string>

#include <gtest/gtest.h>

namespace assay::collector {
namespace {

std::string example_of(std::string_view pattern) {
  std::string path(pattern);
  if (const size_t star = path.find('*'); star != std::string::npos) path.replace(star, 1, "cpu-node:1-s0");
  return path;
}

TEST(Router, FindsEveryRouteByItsOwnPath) {
  for (const Route& route : routes()) {
    const RouteMatch match = find_route(route.method, example_of(route.pattern));
    ASSERT_NE(match.route, nullptr) << route.pattern;
    EXPECT_EQ(match.route->id, route.id) << route.pattern;
    EXPECT_EQ(match.parameter, route.pattern.find('*') == std::string_view::npos ? "" : "cpu-node:1-s0");
  }
}

TEST(Router, RolesIncludeTheLowerOnesAndAgentsAreApart) {
  const auto may = [](Access access, Role role) { return allows(access, role); };
  for (const Route& route : routes()) {
    const bool open = route.access == Access::kAnyone || route.access == Access::kToken;
    EXPECT_EQ(may(route.access, Role::kNone), open) << route.pattern;
    EXPECT_EQ(may(route.access, Role::kAgent), open || route.access == Access::kAgent) << route.pattern;
    EXPECT_EQ(may(route.access, Role::kViewer), open || route.access == Access::kViewer) << route.pattern;
    EXPECT_EQ(may(route.access, Role::kOperator), open || route.access == Access::kViewer || route.access == Access::kOperator) << route.pattern;
    EXPECT_EQ(may(route.access, Role::kAdmin), route.access != Access::kAgent) << route.pattern;
  }
}

TEST(Router, OnlyEnrolmentAndHealthNeedNoIdentity) {
  for (const Route& route : routes()) {
    const bool open = route.access == Access::kAnyone || route.access == Access::kToken;
    EXPECT_EQ(open, route.id == RouteId::kHealth || route.id == RouteId::kEnrol) << route.pattern;
    // Nothing that changes something is open to those who may only read.
    if (route.method != "GET") {
      EXPECT_NE(route.access, Access::kViewer) << route.pattern;
    }
  }
}

TEST(Router, HeadIsGet) {
  const RouteMatch match = find_route("HEAD", "/v1/status");
  ASSERT_NE(match.route, nullptr);
  EXPECT_EQ(match.route->id, RouteId::kStatus);
}

TEST(Router, TellsWhichMethodsAPathHas) {
  EXPECT_EQ(find_route("DELETE", "/v1/tokens").allowed, "GET, HEAD, POST");
  EXPECT_EQ(find_route("PUT", "/v1/tokens/abc").allowed, "DELETE");
  EXPECT_EQ(find_route("GET", "/v1/nothing").allowed, "");
  EXPECT_EQ(find_route("GET", "/v1/devices/").route, nullptr);
  EXPECT_EQ(find_route("GET", "/v1/devices/a/b").route, nullptr);
  EXPECT_EQ(find_route("GET", "").route, nullptr);
}

TEST(Router, RolesHaveNames) {
  EXPECT_EQ(role_of("operator"), Role::kOperator);
  EXPECT_EQ(role_of("collector"), Role::kNone);
  EXPECT_EQ(role_of("none"), Role::kNone);
  EXPECT_EQ(role_of(""), Role::kNone);
}

}  // namespace
}  // namespace assay::collector
