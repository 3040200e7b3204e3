// SPDX-License-Identifier: Apache-2.0
// PEM texts to OpenSSL's keys and certificates and back, and what a certificate says. Internal to common/crypto and
// common/net, because it shows OpenSSL's types. Thread-safe.
#pragma once

#include <string>
#include <string_view>

#include "common/base/result.h"
#include "common/crypto/identity.h"
#include "common/crypto/openssl_ptr.h"

namespace assay::crypto {

// PEM texts longer than this are refused unread: a certificate of ours is under 1 KiB, a chain of somebody else's
// under 16.
inline constexpr size_t kPemBytes = 64 * 1024;

// The first certificate of the text; kInvalid when there is none.
Result<CertificatePtr> parse_certificate(std::string_view pem);
// A private key without a passphrase; kInvalid otherwise.
Result<KeyPtr> parse_private_key(std::string_view pem);

KeyPtr new_p256_key();
std::string to_pem(EVP_PKEY* key);
std::string to_pem(X509* certificate);

// kInvalid when the certificate has no single common name, or a name, unit or time that cannot be read. An absent
// organisational unit is an empty role, which may do nothing.
Result<CertificateFacts> facts_of(const X509* certificate);
// The one common name of a subject; kInvalid when there is none, several, or one with control characters.
Result<std::string> common_name(const X509_NAME* subject);
// SHA-256 of the DER form, hexadecimal.
std::string fingerprint_of(const X509* certificate);

}  // namespace assay::crypto
