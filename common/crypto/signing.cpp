// SPDX-License-Identifier: Apache-2.0
#include "common/crypto/signing.h"

#include <fmt/format.h>
#include <openssl/pem.h>

#include "common/base/file.h"
#include "common/base/parse.h"
#include "common/crypto/certificate.h"
#include "common/crypto/openssl_ptr.h"
#include "common/crypto/secret.h"

namespace assay::crypto {

namespace {

constexpr size_t kSeedBytes = 32;  // RFC 8032, section 5.1.5
constexpr size_t kPublicBytes = 32;
constexpr size_t kSignatureBytes = 64;  // RFC 8032, section 5.1.6

const unsigned char* raw(std::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}
unsigned char* raw(std::string& bytes) {
  return reinterpret_cast<unsigned char*>(bytes.data());
}

KeyPtr private_key(const std::string& seed) {
  ASSAY_CHECK(seed.size() == kSeedBytes);
  KeyPtr key(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, raw(seed), seed.size()));
  ASSAY_CHECK(key != nullptr);
  return key;
}

// Exactly `bytes` bytes of hexadecimal.
Result<std::string> decode_exact(std::string_view hex, size_t bytes, std::string_view what) {
  auto decoded = hex_decode(hex);
  if (!decoded || decoded->size() != bytes) {
    return make_error(ErrorCode::kInvalid, fmt::format("{} is not {} hexadecimal digits", what, 2 * bytes));
  }
  return decoded;
}

}  // namespace

SigningKey SigningKey::generate() {
  SigningKey key;
  key.seed_ = random_bytes(kSeedBytes);
  return key;
}

Result<SigningKey> SigningKey::from_pem(std::string_view pem) {
  const KeyPtr parsed = TRY(parse_private_key(pem));
  if (EVP_PKEY_get_base_id(parsed.get()) != EVP_PKEY_ED25519) {
    return make_error(ErrorCode::kInvalid,
                      "not an ed25519 private key; make one with openssl genpkey -algorithm ed25519");
  }
  SigningKey key;
  key.seed_.resize(kSeedBytes);
  size_t size = kSeedBytes;
  ASSAY_CHECK(EVP_PKEY_get_raw_private_key(parsed.get(), raw(key.seed_), &size) == 1 && size == kSeedBytes);
  return key;
}

Result<SigningKey> SigningKey::load_or_create(const std::filesystem::path& path) {
  auto text = read_file(path, kPemBytes);
  if (text.ok()) {
    auto key = from_pem(*text);
    if (!key) {
      return make_error(ErrorCode::kCorrupt,
                        fmt::format("{}: {}; restore it from a backup, or move it away to start with a new key",
                                    path.string(), key.error().message));
    }
    return key;
  }
  if (text.error().code != ErrorCode::kNotFound) return text.error();
  SigningKey key = generate();
  TRY(write_file_atomic(path, key.pem(), 0600));
  return key;
}

std::string SigningKey::pem() const {
  return to_pem(private_key(seed_).get());
}

std::string SigningKey::public_hex() const {
  std::string bytes(kPublicBytes, '\0');
  size_t size = bytes.size();
  ASSAY_CHECK(EVP_PKEY_get_raw_public_key(private_key(seed_).get(), raw(bytes), &size) == 1 && size == kPublicBytes);
  return hex_encode(bytes);
}

std::string SigningKey::sign_hex(std::string_view message) const {
  const KeyPtr key = private_key(seed_);
  const DigestContextPtr context(EVP_MD_CTX_new());
  ASSAY_CHECK(context != nullptr && EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key.get()) == 1);
  std::string signature(kSignatureBytes, '\0');
  size_t size = signature.size();
  ASSAY_CHECK(EVP_DigestSign(context.get(), raw(signature), &size, raw(message), message.size()) == 1 &&
              size == kSignatureBytes);
  return hex_encode(signature);
}

Status verify_signature(std::string_view public_hex, std::string_view message, std::string_view signature_hex) {
  const std::string public_bytes = TRY(decode_exact(public_hex, kPublicBytes, "public key"));
  const std::string signature = TRY(decode_exact(signature_hex, kSignatureBytes, "signature"));
  const KeyPtr key(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, raw(public_bytes), public_bytes.size()));
  if (key == nullptr) return make_error(ErrorCode::kInvalid, "public key is not an ed25519 key: " + openssl_reason());
  const DigestContextPtr context(EVP_MD_CTX_new());
  ASSAY_CHECK(context != nullptr && EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key.get()) == 1);
  if (EVP_DigestVerify(context.get(), raw(signature), signature.size(), raw(message), message.size()) != 1) {
    ERR_clear_error();
    return make_error(ErrorCode::kPermission, "signature is not of this key and message");
  }
  return {};
}

}  // namespace assay::crypto
