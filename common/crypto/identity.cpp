// SPDX-License-Identifier: Apache-2.0
#include "common/crypto/identity.h"

#include <openssl/pem.h>

#include "common/crypto/certificate.h"
#include "common/crypto/request.h"

namespace assay::crypto {

namespace {

// RFC 2986 version 1.
constexpr long kRequestVersion = 0;

}  // namespace

Result<SigningRequest> make_request(std::string_view name) {
  TRY(check_subject_text(name, "name"));
  const KeyPtr key = new_p256_key();
  const CertificateRequestPtr request(X509_REQ_new());
  ASSAY_CHECK(request != nullptr && X509_REQ_set_version(request.get(), kRequestVersion) == 1);
  add_subject_entry(X509_REQ_get_subject_name(request.get()), NID_commonName, name);
  ASSAY_CHECK(X509_REQ_set_pubkey(request.get(), key.get()) == 1);
  ASSAY_CHECK(X509_REQ_sign(request.get(), key.get(), EVP_sha256()) > 0);
  const BioPtr bio = new_buffer();
  ASSAY_CHECK(PEM_write_bio_X509_REQ(bio.get(), request.get()) == 1);
  return SigningRequest{to_pem(key.get()), content_of(bio.get())};
}

Result<std::string> request_name(std::string_view csr_pem) {
  const CertificateRequestPtr request = TRY(parse_request(csr_pem));
  return common_name(X509_REQ_get_subject_name(request.get()));
}

}  // namespace assay::crypto
