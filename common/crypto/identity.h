// SPDX-License-Identifier: Apache-2.0
// X.509 identities: one CA per installation, short-lived certificates of nodes and people. The subject's common name is
// the name; the organisational unit is the role ("agent", "viewer", "operator", "admin", "collector").
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/clock.h"
#include "common/base/result.h"

namespace assay::crypto {

// A key pair (ECDSA P-256) and its certificate, both PEM.
struct Identity {
  std::string key_pem;
  std::string certificate_pem;
};

// What a certificate says, after its signature was checked by whoever hands this out.
struct CertificateFacts {
  std::string name;    // common name
  std::string role;    // organisational unit
  std::string serial;  // lower-case hexadecimal
  WallTime not_before;
  WallTime not_after;
};
Result<CertificateFacts> read_certificate(std::string_view certificate_pem);

// A new P-256 key (PEM) and a request (PEM) for a certificate of that name.
struct SigningRequest {
  std::string key_pem;
  std::string csr_pem;
};
Result<SigningRequest> make_request(std::string_view name);
// The common name of a request whose self-signature is right; kInvalid otherwise.
Result<std::string> request_name(std::string_view csr_pem);

// Certificate authority: P-256 key and self-signed certificate on disk (ca.key 0600, ca.pem). Thread-safe after
// opening.
class Authority {
 public:
  // Opens the CA in `directory`, creating it (10 years) when there is none; half a CA is kCorrupt, never overwritten.
  static Result<Authority> open_or_create(const std::filesystem::path& directory, WallTime now);

  const std::string& certificate_pem() const { return certificate_pem_; }
  // SHA-256 of the DER certificate, hexadecimal: what a token pins.
  std::string fingerprint() const;
  // Signs a request: the name and role are the issuer's words, never taken from the request. Valid from five minutes
  // ago (clock skew) for `lifetime`. 128-bit random serial.
  Result<std::string> issue(std::string_view csr_pem, std::string_view name, std::string_view role, WallTime now,
                            Duration lifetime) const;
  // The server's own certificate with the given DNS names and IP addresses as alternative names.
  Result<Identity> issue_server(std::string_view name, const std::vector<std::string>& hosts, WallTime now,
                                Duration lifetime) const;

 private:
  std::string key_pem_;
  std::string certificate_pem_;
};

// SHA-256 of the DER form of a PEM certificate, hexadecimal.
Result<std::string> certificate_fingerprint(std::string_view certificate_pem);

}  // namespace assay::crypto
