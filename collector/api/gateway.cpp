// SPDX-License-Identifier: Apache-2.0
#include "collector/api/gateway.h"

#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "collector/api/replies.h"
#include "common/base/log.h"

namespace assay::collector {
namespace {

struct ReadRoute {
  RouteId id;
  Read read;
};
constexpr std::array kReads = {
    ReadRoute{RouteId::kStatus, read_status},       ReadRoute{RouteId::kDevices, read_devices},
    ReadRoute{RouteId::kDevice, read_device},       ReadRoute{RouteId::kQuarantine, read_quarantine},
    ReadRoute{RouteId::kIncidents, read_incidents}, ReadRoute{RouteId::kIncident, read_incident},
    ReadRoute{RouteId::kProbes, read_probes},       ReadRoute{RouteId::kTokens, read_tokens},
    ReadRoute{RouteId::kAudit, read_audit},         ReadRoute{RouteId::kCertificates, read_certificates},
    ReadRoute{RouteId::kEvents, read_events},
};

struct WriteRoute {
  RouteId id;
  Write write;
};
constexpr std::array kWrites = {
    WriteRoute{RouteId::kEnrol, write_enrol},         WriteRoute{RouteId::kRenew, write_renew},
    WriteRoute{RouteId::kRelease, write_release},     WriteRoute{RouteId::kRetire, write_retire},
    WriteRoute{RouteId::kUnfreeze, write_unfreeze},   WriteRoute{RouteId::kBreakerReset, write_breaker_reset},
    WriteRoute{RouteId::kCreateToken, write_new_token}, WriteRoute{RouteId::kDeleteToken, write_delete_token},
    WriteRoute{RouteId::kRevoke, write_revoke},
};

template <typename Table>
auto find_in(const Table& table, RouteId id) {
  const auto found = std::find_if(table.begin(), table.end(), [&](const auto& entry) { return entry.id == id; });
  return found == table.end() ? nullptr : &*found;
}

// What a browser needs to ask for the token, and what tells other clients which scheme to use.
constexpr char kChallenge[] = "Basic realm=\"assay: any user name, the token as the password\", charset=\"UTF-8\"";

net::Response challenge(net::Response response) {
  response.headers["WWW-Authenticate"] = kChallenge;
  return response;
}

}  // namespace

Gateway::Gateway(GatewayParts parts)
    : parts_(std::move(parts)), writes_{parts_.writer, parts_.identities, parts_.tokens, failures_, parts_.clock} {}

void Gateway::handle(const net::Request& request, const net::Responder& respond) {
  dispatch(request, [this, respond](net::Response response) {
    const auto status_class = static_cast<size_t>(std::clamp(response.status / 100, 1, 5) - 1);
    ++replies_[status_class];
    if (response.status == 401 || response.status == 429) ++unauthenticated_;
    respond(std::move(response));
  });
}

HttpCounters Gateway::counters() const {
  HttpCounters counters;
  for (size_t i = 0; i < replies_.size(); ++i) counters.replies[i] = replies_[i];
  counters.unauthenticated = unauthenticated_;
  counters.forbidden = forbidden_;
  return counters;
}

net::Response Gateway::health() const {
  const auto trouble = parts_.writer.trouble();
  return trouble ? text_reply(503, *trouble + "\n") : text_reply(200, "ok\n");
}

net::Response Gateway::refuse_identity(const net::Request& request, const Error& error) {
  if (!failures_.admit(request.remote_address, parts_.clock.now().mono)) {
    return error_reply(429, "limit", "too many wrong tokens from this address; wait a minute");
  }
  log::warning("refused an identity from {}: {}", request.remote_address, error.message);
  return challenge(error_reply(401, "permission", error.message));
}

void Gateway::dispatch(const net::Request& request, const net::Responder& respond) {
  const RouteMatch match = find_route(request.method, request.path);
  if (match.route != nullptr && match.route->access == Access::kAnyone) return respond(health());
  Principal who;
  if (match.route == nullptr || match.route->access != Access::kToken) {
    const auto identity = identify(request, parts_.tokens, parts_.clock.now().wall);
    if (!identity.ok()) return respond(refuse_identity(request, identity.error()));
    who = *identity;
    if (who.role == Role::kNone) {
      return respond(challenge(error_reply(401, "permission", "no identity: send a token (Authorization: Bearer TOKEN) or a client certificate")));
    }
  }
  // Only whoever is known here learns which paths there are.
  if (match.route == nullptr) {
    if (match.allowed.empty()) return respond(error_reply(404, "not_found", "there is no such path; see docs/reference/api.md"));
    net::Response response = error_reply(405, "invalid", fmt::format("{} is not possible here; use {}", request.method, match.allowed));
    response.headers["Allow"] = match.allowed;
    return respond(std::move(response));
  }
  if (!allows(match.route->access, who.role)) {
    ++forbidden_;
    return respond(error_reply(403, "permission", fmt::format("the role {} may not do this", to_string(who.role))));
  }
  answer(*match.route, request, who, match.parameter, respond);
}

void Gateway::answer(const Route& route, const net::Request& request, const Principal& who, const std::string& parameter,
                     const net::Responder& respond) {
  if (route.id == RouteId::kReport) return parts_.intake.handle(request, who, respond);
  if (const auto* write = find_in(kWrites, route.id)) return write->write(writes_, request, who, parameter, respond);
  if (route.id == RouteId::kPage) return parts_.reader.ask(parts_.page, respond);
  if (route.id == RouteId::kMetrics) return parts_.reader.ask(parts_.metrics, respond);
  const auto* read = find_in(kReads, route.id);
  if (read == nullptr) return respond(error_reply(500, "internal", "this route has no answer"));
  net::Request copy = request;
  copy.body.clear();
  parts_.reader.ask(
      [read, copy = std::move(copy), parameter](ReadContext& context) {
        auto body = read->read(context, copy, parameter);
        return body.ok() ? json_reply(std::move(*body)) : error_reply(body.error());
      },
      respond);
}

}  // namespace assay::collector
