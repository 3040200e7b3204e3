// SPDX-License-Identifier: Apache-2.0
// Tokens and certificates: made, spent and taken back.
#include <utility>

#include <fmt/format.h>

#include "collector/api/body.h"
#include "collector/api/json_writer.h"
#include "collector/api/replies.h"
#include "collector/api/writes.h"
#include "common/model/device.h"
#include "common/model/limits.h"

namespace assay::collector {
namespace {

Done<IssuedCertificate> reply_certificate(const net::Responder& respond) {
  return [respond](const Result<IssuedCertificate>& issued) {
    if (!issued.ok()) return respond(error_reply(issued.error()));
    JsonWriter json;
    json.begin_object()
        .text("certificate_pem", issued->certificate_pem)
        .text("ca_pem", issued->ca_pem)
        .number("not_after_unix_ms", to_unix_ms(issued->not_after))
        .end_object();
    respond(json_reply(json.take()));
  };
}

Done<void> reply_nothing(const net::Responder& respond) {
  return [respond](const Result<void>& result) { respond(result.ok() ? json_reply("{}") : error_reply(result.error())); };
}

Result<TokenOrder> parse_order(const net::Request& request, const Principal& who) {
  const Body body = TRY(Body::parse(request.body));
  TokenOrder order;
  order.actor = who.name;
  const std::string kind = TRY(body.line("kind", 16));
  order.kind = TRY(parse_token_kind(kind));
  order.node = TRY(body.line_or_empty("node", limits::kNodeNameChars));
  order.name = TRY(body.line_or_empty("name", limits::kNodeNameChars));
  const bool enrols = order.kind == TokenKind::kEnrol;
  if (!order.node.empty() && !enrols) return make_error(ErrorCode::kInvalid, "\"node\" goes with tokens of kind enrol only");
  if (!order.node.empty() && !is_valid_name(order.node)) return make_error(ErrorCode::kInvalid, "\"node\" is not a valid node name");
  if (order.name.empty()) order.name = enrols ? (order.node.empty() ? "any node" : order.node) : fmt::format("{} made by {}", to_string(order.kind), who.name);
  const auto longest = static_cast<uint64_t>(std::chrono::duration_cast<std::chrono::seconds>(kTokenLifetimeMax).count());
  const auto ttl_s = TRY(body.number("ttl_s", 1, longest));
  order.lifetime = ttl_s ? Duration(std::chrono::seconds(*ttl_s)) : enrols ? kEnrolTokenLifetime : kTokenLifetime;
  return order;
}

}  // namespace

void write_new_token(WriteContext& context, const net::Request& request, const Principal& who, const std::string&, const net::Responder& respond) {
  const auto order = parse_order(request, who);
  if (!order.ok()) return respond(error_reply(order.error()));
  context.identities.create_token(*order, [respond](const Result<IssuedToken>& token) {
    if (!token.ok()) return respond(error_reply(token.error()));
    JsonWriter json;
    json.begin_object().text("id", token->id).text("token", token->text).number("expires_unix_ms", to_unix_ms(token->expires)).end_object();
    respond(json_reply(json.take()));
  });
}

void write_delete_token(WriteContext& context, const net::Request&, const Principal& who, const std::string& id, const net::Responder& respond) {
  context.identities.delete_token(id, who.name, reply_nothing(respond));
}

void write_revoke(WriteContext& context, const net::Request& request, const Principal& who, const std::string& serial, const net::Responder& respond) {
  const auto reason = [&]() -> Result<std::string> {
    const Body body = TRY(Body::parse(request.body));
    return body.line("reason", limits::kTextChars);
  }();
  if (!reason.ok()) return respond(error_reply(reason.error()));
  context.identities.revoke(serial, *reason, who.name, reply_nothing(respond));
}

void write_enrol(WriteContext& context, const net::Request& request, const Principal&, const std::string&, const net::Responder& respond) {
  const auto wish = [&]() -> Result<EnrolRequest> {
    const Body body = TRY(Body::parse(request.body));
    EnrolRequest parsed;
    parsed.token = TRY(body.line("token", 512));
    parsed.node = TRY(body.line("node", limits::kNodeNameChars));
    parsed.csr_pem = TRY(body.block("csr_pem", limits::kCertificateBytes));
    return parsed;
  }();
  if (!wish.ok()) return respond(error_reply(wish.error()));
  const Instant now = context.clock.now();
  const auto token = context.tokens.check(wish->token, now.wall);
  if (!token.ok()) {
    if (!context.failures.admit(request.remote_address, now.mono)) {
      return respond(error_reply(429, "limit", "too many wrong tokens from this address; wait a minute"));
    }
    return respond(error_reply(401, "permission", token.error().message));
  }
  context.identities.enrol(*wish, *token, reply_certificate(respond));
}

void write_renew(WriteContext& context, const net::Request& request, const Principal& who, const std::string&, const net::Responder& respond) {
  const auto csr = [&]() -> Result<std::string> {
    const Body body = TRY(Body::parse(request.body));
    return body.block("csr_pem", limits::kCertificateBytes);
  }();
  if (!csr.ok()) return respond(error_reply(csr.error()));
  context.identities.renew(who.name, *csr, reply_certificate(respond));
}

}  // namespace assay::collector
