// SPDX-License-Identifier: Apache-2.0
// Every path the collector answers, and who may call it, as one table of data.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace assay::collector {

// What an identity may do; each of viewer, operator, admin includes the ones before it. An agent is apart from people.
enum class Role : uint8_t { kNone, kAgent, kViewer, kOperator, kAdmin };
std::string_view to_string(Role role);  // "none", "agent", "viewer", "operator", "admin"
// The role named by a certificate's organisational unit; kNone for any other text.
Role role_of(std::string_view text);

// Who a route is for. kAnyone needs no identity; kToken checks an enrolment token in its body by itself.
enum class Access : uint8_t { kAnyone, kToken, kAgent, kViewer, kOperator, kAdmin };
bool allows(Access access, Role role);

enum class RouteId : uint8_t {
  kHealth, kPage, kMetrics, kEnrol, kRenew, kReport, kStatus, kDevices, kDevice, kQuarantine, kRelease, kRetire, kIncidents,
  kIncident, kProbes, kUnfreeze, kBreakerReset, kTokens, kCreateToken, kDeleteToken, kCertificates, kRevoke, kAudit, kEvents,
};

struct Route {
  std::string_view method;
  std::string_view pattern;   // '*' stands for one path segment, the parameter
  Access access;
  RouteId id;
};
std::span<const Route> routes();

// What a method and path lead to. `route` is nullptr when there is none; `allowed` then lists the methods the path has
// ("GET, POST"), empty when the path itself is unknown. HEAD is answered wherever GET is.
struct RouteMatch {
  const Route* route = nullptr;
  std::string parameter;
  std::string allowed;
};
RouteMatch find_route(std::string_view method, std::string_view path);

}  // namespace assay::collector
