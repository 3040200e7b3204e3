// SPDX-License-Identifier: Apache-2.0
#include "collector/api/router.h"

#include <algorithm>
#include <array>
#include <optional>

#include "common/base/parse.h"

namespace assay::collector {
namespace {

constexpr std::array<std::string_view, 5> kRoleNames = {"none", "agent", "viewer", "operator", "admin"};

// The table of docs/reference/api.md.
constexpr std::array kRoutes = {
    Route{"GET", "/healthz", Access::kAnyone, RouteId::kHealth},
    Route{"GET", "/", Access::kViewer, RouteId::kPage},
    Route{"GET", "/metrics", Access::kViewer, RouteId::kMetrics},
    Route{"POST", "/v1/enrol", Access::kToken, RouteId::kEnrol},
    Route{"POST", "/v1/renew", Access::kAgent, RouteId::kRenew},
    Route{"POST", "/v1/report", Access::kAgent, RouteId::kReport},
    Route{"GET", "/v1/status", Access::kViewer, RouteId::kStatus},
    Route{"GET", "/v1/devices", Access::kViewer, RouteId::kDevices},
    Route{"GET", "/v1/devices/*", Access::kViewer, RouteId::kDevice},
    Route{"GET", "/v1/quarantine", Access::kViewer, RouteId::kQuarantine},
    Route{"POST", "/v1/devices/*/release", Access::kOperator, RouteId::kRelease},
    Route{"POST", "/v1/devices/*/retire", Access::kOperator, RouteId::kRetire},
    Route{"GET", "/v1/incidents", Access::kViewer, RouteId::kIncidents},
    Route{"GET", "/v1/incidents/*", Access::kViewer, RouteId::kIncident},
    Route{"GET", "/v1/probes", Access::kViewer, RouteId::kProbes},
    Route{"POST", "/v1/probes/*/unfreeze", Access::kAdmin, RouteId::kUnfreeze},
    Route{"POST", "/v1/breaker/reset", Access::kAdmin, RouteId::kBreakerReset},
    Route{"GET", "/v1/tokens", Access::kAdmin, RouteId::kTokens},
    Route{"POST", "/v1/tokens", Access::kAdmin, RouteId::kCreateToken},
    Route{"DELETE", "/v1/tokens/*", Access::kAdmin, RouteId::kDeleteToken},
    Route{"GET", "/v1/certificates", Access::kAdmin, RouteId::kCertificates},
    Route{"POST", "/v1/certificates/*/revoke", Access::kAdmin, RouteId::kRevoke},
    Route{"GET", "/v1/audit", Access::kViewer, RouteId::kAudit},
    Route{"GET", "/v1/events", Access::kViewer, RouteId::kEvents},
};

// The text that stands for '*' ("" where the pattern has none); absent when the path is another one.
std::optional<std::string> match_path(std::string_view pattern, std::string_view path) {
  const auto wanted = split(pattern, '/');
  const auto given = split(path, '/');
  if (wanted.size() != given.size()) return std::nullopt;
  std::string parameter;
  for (size_t i = 0; i < wanted.size(); ++i) {
    if (wanted[i] == "*" && !given[i].empty()) {
      parameter = given[i];
    } else if (wanted[i] != given[i]) {
      return std::nullopt;
    }
  }
  return parameter;
}

}  // namespace

std::string_view to_string(Role role) { return kRoleNames[static_cast<size_t>(role)]; }

Role role_of(std::string_view text) {
  const auto found = std::find(kRoleNames.begin() + 1, kRoleNames.end(), text);
  return found == kRoleNames.end() ? Role::kNone : static_cast<Role>(found - kRoleNames.begin());
}

bool allows(Access access, Role role) {
  switch (access) {
    case Access::kAnyone:
    case Access::kToken: return true;
    case Access::kAgent: return role == Role::kAgent;
    case Access::kViewer: return role >= Role::kViewer;
    case Access::kOperator: return role >= Role::kOperator;
    case Access::kAdmin: return role >= Role::kAdmin;
  }
  return false;
}

std::span<const Route> routes() { return kRoutes; }

RouteMatch find_route(std::string_view method, std::string_view path) {
  const std::string_view wanted = method == "HEAD" ? "GET" : method;
  RouteMatch match;
  for (const Route& route : kRoutes) {
    auto parameter = match_path(route.pattern, path);
    if (!parameter) continue;
    if (route.method == wanted) return {&route, std::move(*parameter), {}};
    if (!match.allowed.empty()) match.allowed += ", ";
    match.allowed += route.method == "GET" ? "GET, HEAD" : route.method;
  }
  return match;
}

}  // namespace assay::collector
