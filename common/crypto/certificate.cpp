// SPDX-License-Identifier: Apache-2.0
#include "common/crypto/certificate.h"

#include <fmt/format.h>
#include <openssl/pem.h>

#include <chrono>
#include <optional>

#include "common/base/parse.h"

namespace assay::crypto {

namespace {

Status check_pem_size(std::string_view pem) {
  if (pem.size() <= kPemBytes) return {};
  return make_error(ErrorCode::kInvalid, fmt::format("pem text is longer than {} bytes", kPemBytes));
}

bool is_plain(std::string_view text) {
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) return false;  // a NUL would cut the name short elsewhere
  }
  return true;
}

// The single entry of that kind; "" when there is none; kInvalid when there are several, so that nobody can read
// another one than we.
Result<std::string> single_entry(const X509_NAME* subject, int kind, std::string_view what) {
  const int index = X509_NAME_get_index_by_NID(subject, kind, -1);
  if (index < 0) return std::string();
  if (X509_NAME_get_index_by_NID(subject, kind, index) >= 0) {
    return make_error(ErrorCode::kInvalid, fmt::format("subject has more than one {}", what));
  }
  unsigned char* utf8 = nullptr;
  const int size = ASN1_STRING_to_UTF8(&utf8, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, index)));
  if (size < 0) return make_error(ErrorCode::kInvalid, fmt::format("{} is not text: {}", what, openssl_reason()));
  std::string text(reinterpret_cast<char*>(utf8), static_cast<size_t>(size));
  OPENSSL_free(utf8);
  if (!is_plain(text)) return make_error(ErrorCode::kInvalid, fmt::format("{} has control characters", what));
  return text;
}

Result<WallTime> read_time(const ASN1_TIME* time) {
  std::tm fields{};
  if (ASN1_TIME_to_tm(time, &fields) != 1)
    return make_error(ErrorCode::kInvalid, "certificate has a time that cannot be read");
  const std::chrono::year_month_day day(std::chrono::year(fields.tm_year + 1900),
                                        std::chrono::month(static_cast<unsigned>(fields.tm_mon + 1)),
                                        std::chrono::day(static_cast<unsigned>(fields.tm_mday)));
  // Nanoseconds in 64 bits end in 2262; RFC 5280's "no end" is 9999-12-31.
  const auto last_day = std::chrono::floor<std::chrono::days>(WallTime::max());
  if (std::chrono::sys_days(day) >= last_day) return WallTime(last_day);
  if (std::chrono::sys_days(day) <= std::chrono::ceil<std::chrono::days>(WallTime::min())) {
    return make_error(ErrorCode::kInvalid, "certificate has a time that is too long ago");
  }
  return WallTime(std::chrono::sys_days(day) + std::chrono::hours(fields.tm_hour) +
                  std::chrono::minutes(fields.tm_min) + std::chrono::seconds(fields.tm_sec));
}

std::string serial_hex(const X509* certificate) {
  const BignumPtr number(ASN1_INTEGER_to_BN(X509_get0_serialNumber(certificate), nullptr));
  ASSAY_CHECK(number != nullptr);
  std::string bytes(static_cast<size_t>(BN_num_bytes(number.get())), '\0');
  BN_bn2bin(number.get(), reinterpret_cast<unsigned char*>(bytes.data()));
  return bytes.empty() ? "00" : (BN_is_negative(number.get()) != 0 ? "-" : "") + hex_encode(bytes);
}

}  // namespace

Result<CertificatePtr> parse_certificate(std::string_view pem) {
  TRY(check_pem_size(pem));
  const BioPtr bio = reader_of(pem);
  CertificatePtr certificate(PEM_read_bio_X509(bio.get(), nullptr, no_passphrase, nullptr));
  if (certificate == nullptr) return make_error(ErrorCode::kInvalid, "not a pem certificate: " + openssl_reason());
  return certificate;
}

Result<KeyPtr> parse_private_key(std::string_view pem) {
  TRY(check_pem_size(pem));
  const BioPtr bio = reader_of(pem);
  KeyPtr key(PEM_read_bio_PrivateKey(bio.get(), nullptr, no_passphrase, nullptr));
  if (key == nullptr)
    return make_error(ErrorCode::kInvalid, "not a pem private key without passphrase: " + openssl_reason());
  return key;
}

KeyPtr new_p256_key() {
  KeyPtr key(EVP_EC_gen("P-256"));
  ASSAY_CHECK(key != nullptr);
  return key;
}

std::string to_pem(EVP_PKEY* key) {
  const BioPtr bio = new_buffer();
  ASSAY_CHECK(PEM_write_bio_PKCS8PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr) == 1);
  return content_of(bio.get());
}

std::string to_pem(X509* certificate) {
  const BioPtr bio = new_buffer();
  ASSAY_CHECK(PEM_write_bio_X509(bio.get(), certificate) == 1);
  return content_of(bio.get());
}

Result<std::string> common_name(const X509_NAME* subject) {
  std::string name = TRY(single_entry(subject, NID_commonName, "common name"));
  if (name.empty()) return make_error(ErrorCode::kInvalid, "subject has no common name");
  return name;
}

Result<CertificateFacts> facts_of(const X509* certificate) {
  CertificateFacts facts;
  const X509_NAME* subject = X509_get_subject_name(certificate);
  facts.name = TRY(common_name(subject));
  facts.role = TRY(single_entry(subject, NID_organizationalUnitName, "organisational unit"));
  facts.serial = serial_hex(certificate);
  facts.not_before = TRY(read_time(X509_get0_notBefore(certificate)));
  facts.not_after = TRY(read_time(X509_get0_notAfter(certificate)));
  return facts;
}

std::string fingerprint_of(const X509* certificate) {
  std::string bytes(32, '\0');
  unsigned size = 0;
  const int done = X509_digest(certificate, EVP_sha256(), reinterpret_cast<unsigned char*>(bytes.data()), &size);
  ASSAY_CHECK(done == 1 && size == bytes.size());
  return hex_encode(bytes);
}

Result<CertificateFacts> read_certificate(std::string_view certificate_pem) {
  const CertificatePtr certificate = TRY(parse_certificate(certificate_pem));
  return facts_of(certificate.get());
}

Result<std::string> certificate_fingerprint(std::string_view certificate_pem) {
  const CertificatePtr certificate = TRY(parse_certificate(certificate_pem));
  return fingerprint_of(certificate.get());
}

}  // namespace assay::crypto
