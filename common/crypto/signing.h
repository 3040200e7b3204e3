// SPDX-License-Identifier: Apache-2.0
// Ed25519 (RFC 8032) signatures: decisions of the collector, and golden sets.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "common/base/result.h"

namespace assay::crypto {

// A private key with its public half. Copying is cheap; immutable, so safe to share between threads.
class SigningKey {
 public:
  static SigningKey generate();
  // PKCS#8 PEM, as `openssl genpkey -algorithm ed25519` writes it.
  static Result<SigningKey> from_pem(std::string_view pem);
  // Reads the file, or creates it with mode 0600 when missing.
  static Result<SigningKey> load_or_create(const std::filesystem::path& path);

  std::string pem() const;
  // 32 raw bytes as 64 hexadecimal digits.
  std::string public_hex() const;
  // 64 raw bytes as 128 hexadecimal digits.
  std::string sign_hex(std::string_view message) const;

 private:
  std::string seed_;  // 32 bytes
};

// kInvalid when a text is not hexadecimal of the right size, kPermission when the signature is not of that key and
// message.
Status verify_signature(std::string_view public_hex, std::string_view message, std::string_view signature_hex);

}  // namespace assay::crypto
