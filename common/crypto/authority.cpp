// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <chrono>

#include "common/base/file.h"
#include "common/crypto/certificate.h"
#include "common/crypto/identity.h"
#include "common/crypto/request.h"
#include "common/crypto/secret.h"

namespace assay::crypto {

namespace {

constexpr std::chrono::hours kAuthorityLife{24 * 365 * 10};
constexpr std::chrono::minutes kClockSkew{5};  // a certificate must work on a node whose clock is a little behind
constexpr size_t kSerialBytes = 16;
constexpr long kVersion3 = 2;  // RFC 5280: v3 is written as 2

struct Subject {
  std::string_view name;
  std::string_view role;
};

void set_time(ASN1_TIME* into, WallTime time) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time.time_since_epoch()).count();
  ASSAY_CHECK(ASN1_TIME_set(into, static_cast<time_t>(seconds)) != nullptr);
}

void add_extension(X509* certificate, const X509* issuer, int kind, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, const_cast<X509*>(issuer), certificate, nullptr, nullptr, 0);
  const ExtensionPtr extension(X509V3_EXT_conf_nid(nullptr, &context, kind, value));
  ASSAY_CHECK(extension != nullptr && X509_add_ext(certificate, extension.get(), -1) == 1);
}

// Version, serial, subject, validity and key; extensions and signature follow.
CertificatePtr new_certificate(const Subject& subject, EVP_PKEY* key, WallTime from, WallTime until) {
  CertificatePtr certificate(X509_new());
  ASSAY_CHECK(certificate != nullptr && X509_set_version(certificate.get(), kVersion3) == 1);
  std::string serial = random_bytes(kSerialBytes);
  if (serial[0] == 0) serial[0] = 1;  // 32 digits always, and never zero
  const BignumPtr number(
      BN_bin2bn(reinterpret_cast<const unsigned char*>(serial.data()), static_cast<int>(serial.size()), nullptr));
  ASSAY_CHECK(number != nullptr &&
              BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate.get())) != nullptr);
  add_subject_entry(X509_get_subject_name(certificate.get()), NID_organizationalUnitName, subject.role);
  add_subject_entry(X509_get_subject_name(certificate.get()), NID_commonName, subject.name);
  set_time(X509_getm_notBefore(certificate.get()), from);
  set_time(X509_getm_notAfter(certificate.get()), until);
  ASSAY_CHECK(X509_set_pubkey(certificate.get(), key) == 1);
  return certificate;
}

CertificatePtr make_root(EVP_PKEY* key, WallTime now) {
  // The random part keeps two installations apart for whoever holds certificates of both.
  const std::string name = "assay CA " + random_hex(4);
  CertificatePtr root = new_certificate({name, "ca"}, key, now - kClockSkew, now + kAuthorityLife);
  ASSAY_CHECK(X509_set_issuer_name(root.get(), X509_get_subject_name(root.get())) == 1);
  add_extension(root.get(), root.get(), NID_basic_constraints, "critical,CA:TRUE,pathlen:0");
  add_extension(root.get(), root.get(), NID_key_usage, "critical,keyCertSign,cRLSign");
  add_extension(root.get(), root.get(), NID_subject_key_identifier, "hash");
  add_extension(root.get(), root.get(), NID_authority_key_identifier, "keyid:always");
  ASSAY_CHECK(X509_sign(root.get(), key, EVP_sha256()) > 0);
  return root;
}

// One alternative name: an IP address when the text is one, a DNS name otherwise; kInvalid when it can be neither.
Result<GeneralNamePtr> alternative_name(const std::string& host) {
  GeneralNamePtr name(GENERAL_NAME_new());
  ASSAY_CHECK(name != nullptr);
  if (ASN1_OCTET_STRING* address = a2i_IPADDRESS(host.c_str()); address != nullptr) {
    GENERAL_NAME_set0_value(name.get(), GEN_IPADD, address);
    return name;
  }
  ERR_clear_error();
  constexpr std::string_view kAllowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";
  if (host.empty() || host.size() > 253 || host.find_first_not_of(kAllowed) != std::string::npos) {
    return make_error(ErrorCode::kInvalid,
                      fmt::format("\"{}\" is neither a host name nor an IP address", host.substr(0, 80)));
  }
  ASN1_IA5STRING* text = ASN1_IA5STRING_new();
  ASSAY_CHECK(text != nullptr && ASN1_STRING_set(text, host.data(), static_cast<int>(host.size())) == 1);
  GENERAL_NAME_set0_value(name.get(), GEN_DNS, text);
  return name;
}

Status add_alternative_names(X509* certificate, const std::vector<std::string>& hosts) {
  if (hosts.empty())
    return make_error(ErrorCode::kInvalid, "a server certificate needs at least one host name or IP address");
  const GeneralNamesPtr names(GENERAL_NAMES_new());
  ASSAY_CHECK(names != nullptr);
  for (const std::string& host : hosts) {
    GeneralNamePtr name = TRY(alternative_name(host));
    ASSAY_CHECK(sk_GENERAL_NAME_push(names.get(), name.release()) > 0);
  }
  ASSAY_CHECK(X509_add1_ext_i2d(certificate, NID_subject_alt_name, names.get(), 0, X509V3_ADD_DEFAULT) == 1);
  return {};
}

enum class Purpose { kClient, kServer };

// Everything of a leaf but its alternative names and signature.
Result<CertificatePtr> make_leaf(const X509* root, const Subject& subject, EVP_PKEY* key, WallTime now,
                                 Duration lifetime, Purpose purpose) {
  TRY(check_subject_text(subject.name, "name"));
  TRY(check_subject_text(subject.role, "role"));
  const CertificateFacts authority = TRY(facts_of(root));
  // A leaf that outlives its CA would only fail later, in a place where nobody looks at the CA.
  const WallTime until = std::min(now + lifetime, authority.not_after);
  CertificatePtr leaf = new_certificate(subject, key, now - kClockSkew, until);
  ASSAY_CHECK(X509_set_issuer_name(leaf.get(), X509_get_subject_name(root)) == 1);
  add_extension(leaf.get(), root, NID_basic_constraints, "critical,CA:FALSE");
  add_extension(leaf.get(), root, NID_key_usage, "critical,digitalSignature");
  add_extension(leaf.get(), root, NID_ext_key_usage, purpose == Purpose::kServer ? "serverAuth" : "clientAuth");
  add_extension(leaf.get(), root, NID_subject_key_identifier, "hash");
  add_extension(leaf.get(), root, NID_authority_key_identifier, "keyid:always");
  return leaf;
}

Error corrupt(const std::filesystem::path& path, std::string_view what) {
  return make_error(
      ErrorCode::kCorrupt,
      fmt::format(
          "{}: {}; restore ca.key and ca.pem from a backup, or move both away to start a new CA, at which every "
          "node must enrol anew",
          path.string(), what));
}

}  // namespace

Result<Authority> Authority::open_or_create(const std::filesystem::path& directory, WallTime now) {
  const std::filesystem::path key_path = directory / "ca.key";
  const std::filesystem::path certificate_path = directory / "ca.pem";
  auto key_text = read_file(key_path, kPemBytes);
  auto certificate_text = read_file(certificate_path, kPemBytes);
  if (!key_text && key_text.error().code != ErrorCode::kNotFound) return key_text.error();
  if (!certificate_text && certificate_text.error().code != ErrorCode::kNotFound) return certificate_text.error();
  if (key_text.ok() != certificate_text.ok()) {
    return key_text.ok() ? corrupt(certificate_path, "missing although ca.key is there")
                         : corrupt(key_path, "missing although ca.pem is there");
  }
  Authority authority;
  if (!key_text) {
    const KeyPtr key = new_p256_key();
    authority.key_pem_ = to_pem(key.get());
    authority.certificate_pem_ = to_pem(make_root(key.get(), now).get());
    TRY(make_directory(directory, 0700));
    TRY(write_file_atomic(key_path, authority.key_pem_, 0600));
    TRY(write_file_atomic(certificate_path, authority.certificate_pem_, 0644));
    return authority;
  }
  const auto key = parse_private_key(*key_text);
  if (!key) return corrupt(key_path, key.error().message);
  const auto certificate = parse_certificate(*certificate_text);
  if (!certificate) return corrupt(certificate_path, certificate.error().message);
  if (const auto facts = facts_of(certificate->get()); !facts) return corrupt(certificate_path, facts.error().message);
  if (X509_check_ca(certificate->get()) != 1) return corrupt(certificate_path, "not a CA certificate");
  if (X509_check_private_key(certificate->get(), key->get()) != 1) {
    ERR_clear_error();
    return corrupt(certificate_path, "not the certificate of ca.key");
  }
  authority.key_pem_ = std::move(*key_text);
  authority.certificate_pem_ = to_pem(certificate->get());
  return authority;
}

std::string Authority::fingerprint() const {
  return *certificate_fingerprint(certificate_pem_);
}

Result<std::string> Authority::issue(std::string_view csr_pem, std::string_view name, std::string_view role,
                                     WallTime now, Duration lifetime) const {
  const CertificateRequestPtr request = TRY(parse_request(csr_pem));
  const CertificatePtr root = TRY(parse_certificate(certificate_pem_));
  const KeyPtr key = TRY(parse_private_key(key_pem_));
  const CertificatePtr leaf =
      TRY(make_leaf(root.get(), {name, role}, X509_REQ_get0_pubkey(request.get()), now, lifetime, Purpose::kClient));
  ASSAY_CHECK(X509_sign(leaf.get(), key.get(), EVP_sha256()) > 0);
  return to_pem(leaf.get());
}

Result<Identity> Authority::issue_server(std::string_view name, const std::vector<std::string>& hosts, WallTime now,
                                         Duration lifetime) const {
  const CertificatePtr root = TRY(parse_certificate(certificate_pem_));
  const KeyPtr key = TRY(parse_private_key(key_pem_));
  const KeyPtr own_key = new_p256_key();
  const CertificatePtr leaf =
      TRY(make_leaf(root.get(), {name, "collector"}, own_key.get(), now, lifetime, Purpose::kServer));
  TRY(add_alternative_names(leaf.get(), hosts));
  ASSAY_CHECK(X509_sign(leaf.get(), key.get(), EVP_sha256()) > 0);
  return Identity{to_pem(own_key.get()), to_pem(leaf.get())};
}

}  // namespace assay::crypto
