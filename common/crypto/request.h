// SPDX-License-Identifier: Apache-2.0
// Certificate requests and subject names as OpenSSL's types. Internal to common/crypto. Thread-safe.
#pragma once

#include <string_view>

#include "common/base/result.h"
#include "common/crypto/openssl_ptr.h"

namespace assay::crypto {

// A request whose self-signature is right and whose key is ECDSA P-256 or Ed25519; kInvalid otherwise. RSA is refused
// because checking a hostile 16,384-bit key would cost the caller seconds.
Result<CertificateRequestPtr> parse_request(std::string_view csr_pem);

// kInvalid, naming `what`, unless the text has 1 to 128 characters and none of them is a control character.
Status check_subject_text(std::string_view text, std::string_view what);

// Appends an entry. RFC 5280 bounds a common name to 64 characters; ours may be longer (a node is named by its full
// host name), which every verifier accepts because names are not compared by length.
void add_subject_entry(X509_NAME* subject, int kind, std::string_view text);

}  // namespace assay::crypto
