// SPDX-License-Identifier: Apache-2.0
#include "common/net/tls_context.h"

#include <fmt/format.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <boost/asio/ssl/error.hpp>

#include "common/base/parse.h"
#include "common/crypto/certificate.h"

namespace assay::net {

namespace {

namespace ssl = boost::asio::ssl;
using crypto::openssl_reason;

constexpr size_t kChainCertificates = 8;

// TLS 1.3 only, so its cipher suites need no choice; X25519 first because it is the cheaper one.
Result<ssl::context> new_context(ssl::context::method method) {
  try {
    ssl::context context(method);
    SSL_CTX* handle = context.native_handle();
    ASSAY_CHECK(SSL_CTX_set_min_proto_version(handle, TLS1_3_VERSION) == 1);
    ASSAY_CHECK(SSL_CTX_set_max_proto_version(handle, TLS1_3_VERSION) == 1);
    ASSAY_CHECK(SSL_CTX_set1_groups_list(handle, "X25519:P-256") == 1);
    SSL_CTX_set_mode(handle, SSL_MODE_RELEASE_BUFFERS);  // an idle connection keeps no record buffers
    ERR_clear_error();
    return context;
  } catch (const boost::system::system_error& problem) {
    return make_error(ErrorCode::kInternal, fmt::format("tls: {}", problem.what()));
  }
}

// Our own certificate, what follows it in the PEM as the chain to send, and the key.
Status use_identity(SSL_CTX* context, const std::string& certificate_pem, const std::string& key_pem) {
  const crypto::CertificatePtr leaf = TRY(crypto::parse_certificate(certificate_pem));
  const crypto::KeyPtr key = TRY(crypto::parse_private_key(key_pem));
  if (X509_check_private_key(leaf.get(), key.get()) != 1) {
    ERR_clear_error();
    return make_error(ErrorCode::kInvalid, "the key is not that of the certificate");
  }
  if (SSL_CTX_use_certificate(context, leaf.get()) != 1 || SSL_CTX_use_PrivateKey(context, key.get()) != 1) {
    return make_error(ErrorCode::kInvalid, "the certificate cannot be used: " + openssl_reason());
  }
  const crypto::BioPtr bio = crypto::reader_of(certificate_pem);
  crypto::CertificatePtr next(PEM_read_bio_X509(bio.get(), nullptr, crypto::no_passphrase, nullptr));
  for (size_t count = 0; count < kChainCertificates; ++count) {
    next.reset(PEM_read_bio_X509(bio.get(), nullptr, crypto::no_passphrase, nullptr));
    if (next == nullptr) break;
    ASSAY_CHECK(SSL_CTX_add1_chain_cert(context, next.get()) == 1);
  }
  ERR_clear_error();  // the end of the text is an error to the reader
  return {};
}

Status trust_only(SSL_CTX* context, const std::string& ca_pem) {
  const crypto::CertificatePtr root = TRY(crypto::parse_certificate(ca_pem));
  ASSAY_CHECK(X509_STORE_add_cert(SSL_CTX_get_cert_store(context), root.get()) == 1);
  return {};
}

PeerIdentity identity_of(const crypto::CertificateFacts& facts) {
  return {facts.name, facts.role, facts.serial};
}

// The usual verification (chain, times, purpose), then whether we still want this peer.
int verify_peer(X509_STORE_CTX* verification, void* argument) {
  const auto& check = *static_cast<const PeerCheck*>(argument);
  const int verified = X509_verify_cert(verification);
  if (verified <= 0) return verified;
  const auto facts = crypto::facts_of(X509_STORE_CTX_get0_cert(verification));
  if (!facts) {
    X509_STORE_CTX_set_error(verification, X509_V_ERR_CERT_REJECTED);
    return 0;
  }
  if (check && !check(identity_of(*facts))) {
    X509_STORE_CTX_set_error(verification, X509_V_ERR_CERT_REVOKED);
    return 0;
  }
  return 1;
}

// Trusts the root that was pinned, if it is in the chain that the server sent, and then verifies as usual.
int verify_pinned(X509_STORE_CTX* verification, void* argument) {
  const auto& pinned = *static_cast<const std::string*>(argument);
  STACK_OF(X509)* sent = X509_STORE_CTX_get0_untrusted(verification);
  STACK_OF(X509)* trusted = sk_X509_new_null();
  for (int i = 0; trusted != nullptr && i < sk_X509_num(sent); ++i) {
    if (crypto::fingerprint_of(sk_X509_value(sent, i)) == pinned) sk_X509_push(trusted, sk_X509_value(sent, i));
  }
  int verified = 0;
  if (trusted != nullptr && sk_X509_num(trusted) > 0) {
    X509_STORE_CTX_set0_trusted_stack(verification, trusted);
    verified = X509_verify_cert(verification);
    X509_STORE_CTX_set0_trusted_stack(verification, nullptr);
  } else {
    X509_STORE_CTX_set_error(verification, X509_V_ERR_APPLICATION_VERIFICATION);
  }
  sk_X509_free(trusted);
  return verified;
}

bool is_fingerprint(std::string_view text) {
  const auto bytes = hex_decode(text);
  return bytes.ok() && bytes->size() == 32;
}

std::string lower_case(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return text;
}

}  // namespace

Result<std::shared_ptr<ServerTls>> ServerTls::make(const std::string& certificate_pem, const std::string& key_pem,
                                                   const std::string& client_ca_pem, const PeerCheck& peer_check) {
  auto context = TRY(new_context(ssl::context::tls_server));
  SSL_CTX* handle = context.native_handle();
  if (auto done = use_identity(handle, certificate_pem, key_pem); !done) return done.error().in("server certificate");
  if (auto done = trust_only(handle, client_ca_pem); !done) return done.error().in("CA for client certificates");
  const crypto::CertificatePtr root = TRY(crypto::parse_certificate(client_ca_pem));
  ASSAY_CHECK(SSL_CTX_add_client_CA(handle, root.get()) == 1);
  SSL_CTX_set_verify(handle, SSL_VERIFY_PEER,
                     nullptr);  // without a certificate a peer may still come in: roles decide later
  SSL_CTX_set_cert_verify_callback(handle, verify_peer, const_cast<PeerCheck*>(&peer_check));
  ASSAY_CHECK(SSL_CTX_set_purpose(handle, X509_PURPOSE_SSL_CLIENT) == 1);
  // Tickets are self-contained: a resumed connection costs the server no memory and no signature.
  SSL_CTX_set_session_cache_mode(handle, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_num_tickets(handle, 1);
  constexpr std::string_view kSessionContext = "assay";
  ASSAY_CHECK(SSL_CTX_set_session_id_context(handle, reinterpret_cast<const unsigned char*>(kSessionContext.data()),
                                             static_cast<unsigned>(kSessionContext.size())) == 1);
  return std::shared_ptr<ServerTls>(new ServerTls(std::move(context)));
}

Result<std::unique_ptr<ClientTls>> ClientTls::make(const ClientOptions& options) {
  auto context = TRY(new_context(ssl::context::tls_client));
  std::unique_ptr<ClientTls> tls(new ClientTls(std::move(context), lower_case(options.ca_fingerprint)));
  SSL_CTX* handle = tls->context_.native_handle();
  SSL_CTX_set_verify(handle, SSL_VERIFY_PEER, nullptr);
  ASSAY_CHECK(SSL_CTX_set_purpose(handle, X509_PURPOSE_SSL_SERVER) == 1);
  SSL_CTX_set_session_cache_mode(handle, SSL_SESS_CACHE_OFF);  // the client keeps its one session itself
  if (!options.ca_pem.empty()) {
    if (auto done = trust_only(handle, options.ca_pem); !done) return done.error().in("CA of the server");
  } else if (is_fingerprint(tls->root_fingerprint_)) {
    SSL_CTX_set_cert_verify_callback(handle, verify_pinned, const_cast<std::string*>(&tls->root_fingerprint_));
  } else {
    return make_error(ErrorCode::kInvalid,
                      "a client needs the server's CA certificate, or its fingerprint of 64 hexadecimal digits");
  }
  if (options.identity) {
    if (auto done = use_identity(handle, options.identity->certificate_pem, options.identity->key_pem); !done) {
      return done.error().in("client certificate");
    }
  }
  return tls;
}

void ClientTls::expect_host(SSL* connection, const std::string& host) {
  X509_VERIFY_PARAM* parameters = SSL_get0_param(connection);
  X509_VERIFY_PARAM_set_hostflags(parameters,
                                  X509_CHECK_FLAG_NEVER_CHECK_SUBJECT | X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  if (X509_VERIFY_PARAM_set1_ip_asc(parameters, host.c_str()) == 1) return;
  ERR_clear_error();
  ASSAY_CHECK(X509_VERIFY_PARAM_set1_host(parameters, host.data(), host.size()) == 1);
  ASSAY_CHECK(SSL_set_tlsext_host_name(connection, host.c_str()) == 1);
}

std::optional<VerifiedPeer> peer_of(const SSL* connection) {
  const X509* certificate = SSL_get0_peer_certificate(connection);
  if (certificate == nullptr || SSL_get_verify_result(connection) != X509_V_OK) return std::nullopt;
  const auto facts = crypto::facts_of(certificate);
  if (!facts) return std::nullopt;
  return VerifiedPeer{identity_of(*facts), facts->not_after};
}

std::optional<std::string> distrust_of(const SSL* connection) {
  const long result = SSL_get_verify_result(connection);
  if (result == X509_V_OK) return std::nullopt;
  if (result == X509_V_ERR_APPLICATION_VERIFICATION)
    return "its chain does not end in the CA with the expected fingerprint";
  return lower_case(X509_verify_cert_error_string(result));
}

std::optional<std::string> refusal_of(const boost::system::error_code& problem) {
  if (problem.category() != boost::asio::error::get_ssl_category()) return std::nullopt;
  const auto code = static_cast<unsigned long>(static_cast<unsigned>(problem.value()));
  if (ERR_GET_LIB(code) != ERR_LIB_SSL) return std::nullopt;
  const int alert = ERR_GET_REASON(code) - SSL_AD_REASON_OFFSET;
  switch (alert) {
    case SSL_AD_BAD_CERTIFICATE:
    case SSL_AD_UNSUPPORTED_CERTIFICATE:
    case SSL_AD_CERTIFICATE_REVOKED:
    case SSL_AD_CERTIFICATE_EXPIRED:
    case SSL_AD_CERTIFICATE_UNKNOWN:
    case SSL_AD_UNKNOWN_CA:
    case SSL_AD_ACCESS_DENIED:
    case SSL_AD_DECRYPT_ERROR:
    case SSL_AD_CERTIFICATE_REQUIRED:
      return SSL_alert_desc_string_long(alert);
    default:
      return std::nullopt;
  }
}

}  // namespace assay::net
