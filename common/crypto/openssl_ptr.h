// SPDX-License-Identifier: Apache-2.0
// Owners of OpenSSL handles, and the words of its last error. Internal to common/crypto and common/net: no other header
// includes it.
#pragma once

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <memory>
#include <string>
#include <string_view>

#include "common/base/check.h"

namespace assay::crypto {

// A deleter without state, so that an owner is as small as the pointer.
template <auto kFree>
struct OpensslFree {
  template <typename T>
  void operator()(T* handle) const {
    kFree(handle);
  }
};

using BioPtr = std::unique_ptr<BIO, OpensslFree<BIO_free_all>>;
using BignumPtr = std::unique_ptr<BIGNUM, OpensslFree<BN_free>>;
using DigestContextPtr = std::unique_ptr<EVP_MD_CTX, OpensslFree<EVP_MD_CTX_free>>;
using KeyPtr = std::unique_ptr<EVP_PKEY, OpensslFree<EVP_PKEY_free>>;
using CertificatePtr = std::unique_ptr<X509, OpensslFree<X509_free>>;
using CertificateRequestPtr = std::unique_ptr<X509_REQ, OpensslFree<X509_REQ_free>>;
using ExtensionPtr = std::unique_ptr<X509_EXTENSION, OpensslFree<X509_EXTENSION_free>>;
using GeneralNamesPtr = std::unique_ptr<GENERAL_NAMES, OpensslFree<GENERAL_NAMES_free>>;
using GeneralNamePtr = std::unique_ptr<GENERAL_NAME, OpensslFree<GENERAL_NAME_free>>;
using Asn1IntegerPtr = std::unique_ptr<ASN1_INTEGER, OpensslFree<ASN1_INTEGER_free>>;
using Asn1TimePtr = std::unique_ptr<ASN1_TIME, OpensslFree<ASN1_TIME_free>>;

// A memory buffer to read PEM from; the text must outlive it.
inline BioPtr reader_of(std::string_view text) {
  constexpr size_t kLongest = 1U << 30U;  // far over every limit of ours, and fits an int
  ASSAY_CHECK(text.size() < kLongest);
  // An empty view may point to nothing, which OpenSSL takes for a mistake.
  BioPtr bio(BIO_new_mem_buf(text.empty() ? "" : text.data(), static_cast<int>(text.size())));
  ASSAY_CHECK(bio != nullptr);
  return bio;
}

inline BioPtr new_buffer() {
  BioPtr bio(BIO_new(BIO_s_mem()));
  ASSAY_CHECK(bio != nullptr);
  return bio;
}

inline std::string content_of(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  return {data, static_cast<size_t>(size)};
}

// For PEM readers: an encrypted key is refused instead of asking a terminal that a daemon does not have.
inline int no_passphrase(char*, int, int, void*) {
  return -1;
}

// Why the last OpenSSL call of this thread failed ("no start line"); empties the thread's error queue.
inline std::string openssl_reason() {
  const unsigned long code = ERR_peek_last_error();
  ERR_clear_error();
  const char* text = ERR_reason_error_string(code);
  return text != nullptr ? text : "unknown reason";
}

}  // namespace assay::crypto
