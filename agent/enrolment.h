// SPDX-License-Identifier: Apache-2.0
// The two calls by which an agent gets a certificate: enrolment with a token, renewal with the certificate it has.
#pragma once

#include <optional>
#include <string>

#include "agent/credentials.h"
#include "common/net/https_client.h"

namespace assay::agent {

// What a call for a certificate gave: an HTTP status with either credentials or the collector's words.
struct Issued {
  int status = 0;
  std::string message;                          // of a refusal
  std::optional<Credentials> credentials;
};

// Trusts only the CA whose fingerprint the token names, before the token is sent and after the answer came. Blocking.
Result<Issued> enrol(const std::string& url, const EnrolToken& token, const std::string& node, Duration timeout);
// A new key and certificate over a connection of the present identity.
Result<Issued> renew(net::HttpsClient& client, const std::string& node, const std::string& ca_pem);

// The message of an error body ({"error":{"message":...}}), or a short form of whatever it is.
std::string error_message(const std::string& body);

}  // namespace assay::agent
