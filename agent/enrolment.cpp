// SPDX-License-Identifier: Apache-2.0
#include "agent/enrolment.h"

#include <nlohmann/json.hpp>

#include "common/model/limits.h"

namespace assay::agent {
namespace {

using Json = nlohmann::json;

std::string text_of(const Json& object, const char* key) {
  const auto found = object.is_object() ? object.find(key) : object.end();
  if (!object.is_object() || found == object.end() || !found->is_string()) return "";
  return found->get<std::string>();
}

// Turns an answer into credentials; `key_pem` is the key of the request, `ca_pem` what the answer must name or leave out.
Result<Issued> read_answer(const net::Response& response, const std::string& key_pem) {
  Issued issued;
  issued.status = response.status;
  if (response.status != 200) {
    issued.message = error_message(response.body);
    return issued;
  }
  const Json body = Json::parse(response.body, nullptr, false);
  Credentials credentials;
  credentials.identity.key_pem = key_pem;
  credentials.identity.certificate_pem = text_of(body, "certificate_pem");
  credentials.ca_pem = text_of(body, "ca_pem");
  if (credentials.identity.certificate_pem.empty() || credentials.ca_pem.empty()) {
    return make_error(ErrorCode::kInvalid, "the collector's answer has no certificate in it");
  }
  TRY(crypto::read_certificate(credentials.identity.certificate_pem));
  issued.credentials = std::move(credentials);
  return issued;
}

}  // namespace

std::string error_message(const std::string& body) {
  const Json parsed = Json::parse(body, nullptr, false);
  if (parsed.is_object() && parsed.contains("error")) {
    const std::string message = text_of(parsed["error"], "message");
    if (!message.empty()) return message.substr(0, limits::kTextChars);
  }
  return body.empty() ? "no reason given" : body.substr(0, 200);
}

Result<Issued> enrol(const std::string& url, const EnrolToken& token, const std::string& node, Duration timeout) {
  net::ClientOptions options;
  options.url = url;
  options.ca_fingerprint = token.ca_fingerprint;
  options.timeout = timeout;
  net::HttpsClient client = TRY(net::HttpsClient::make(options));
  const crypto::SigningRequest request = TRY(crypto::make_request(node));
  net::CallOptions call;
  call.method = "POST";
  call.target = "/v1/enrol";
  call.body = Json{{"token", token.text}, {"node", node}, {"csr_pem", request.csr_pem}}.dump();
  const net::Response response = TRY(client.call(call));
  const Issued issued = TRY(read_answer(response, request.key_pem));
  if (issued.credentials) {
    const std::string fingerprint = TRY(crypto::certificate_fingerprint(issued.credentials->ca_pem));
    if (fingerprint != token.ca_fingerprint) {
      return make_error(ErrorCode::kPermission, "the collector handed out another CA than the token names; do not trust it");
    }
  }
  return issued;
}

Result<Issued> renew(net::HttpsClient& client, const std::string& node, const std::string& ca_pem) {
  const crypto::SigningRequest request = TRY(crypto::make_request(node));
  net::CallOptions call;
  call.method = "POST";
  call.target = "/v1/renew";
  call.body = Json{{"csr_pem", request.csr_pem}}.dump();
  const net::Response response = TRY(client.call(call));
  Issued issued = TRY(read_answer(response, request.key_pem));
  // Whoever renews keeps the CA it was enrolled with: a change of CA is an operator's act.
  if (issued.credentials) issued.credentials->ca_pem = ca_pem;
  return issued;
}

}  // namespace assay::agent
