// SPDX-License-Identifier: Apache-2.0
#include "common/crypto/request.h"

#include <fmt/format.h>
#include <openssl/pem.h>

#include <algorithm>

#include "common/crypto/certificate.h"

namespace assay::crypto {

namespace {

constexpr size_t kSubjectChars = 128;

bool is_p256(const EVP_PKEY* key) {
  char group[32] = {};
  size_t size = 0;
  return EVP_PKEY_get_base_id(key) == EVP_PKEY_EC && EVP_PKEY_get_group_name(key, group, sizeof group, &size) == 1 &&
         std::string_view(group) == "prime256v1";
}

}  // namespace

Result<CertificateRequestPtr> parse_request(std::string_view csr_pem) {
  if (csr_pem.size() > kPemBytes) {
    return make_error(ErrorCode::kInvalid, fmt::format("certificate request is longer than {} bytes", kPemBytes));
  }
  const BioPtr bio = reader_of(csr_pem);
  CertificateRequestPtr request(PEM_read_bio_X509_REQ(bio.get(), nullptr, no_passphrase, nullptr));
  if (request == nullptr) return make_error(ErrorCode::kInvalid, "not a pem certificate request: " + openssl_reason());
  EVP_PKEY* key = X509_REQ_get0_pubkey(request.get());
  if (key == nullptr)
    return make_error(ErrorCode::kInvalid, "certificate request has no readable key: " + openssl_reason());
  if (!is_p256(key) && EVP_PKEY_get_base_id(key) != EVP_PKEY_ED25519) {
    return make_error(ErrorCode::kInvalid, "certificate request has another key than p-256 or ed25519; make a new one");
  }
  if (X509_REQ_verify(request.get(), key) != 1) {
    ERR_clear_error();
    return make_error(ErrorCode::kInvalid, "certificate request is not signed with its own key");
  }
  return request;
}

Status check_subject_text(std::string_view text, std::string_view what) {
  const bool plain =
      std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x20 && c != 0x7F; });
  if (!text.empty() && text.size() <= kSubjectChars && plain) return {};
  return make_error(
      ErrorCode::kInvalid,
      fmt::format("certificate {} must have 1 to {} characters and no control characters", what, kSubjectChars));
}

void add_subject_entry(X509_NAME* subject, int kind, std::string_view text) {
  const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
  ASSAY_CHECK(
      X509_NAME_add_entry_by_NID(subject, kind, V_ASN1_UTF8STRING, bytes, static_cast<int>(text.size()), -1, 0) == 1);
}

}  // namespace assay::crypto
