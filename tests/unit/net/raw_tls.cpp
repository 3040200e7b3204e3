// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/net/raw_tls.h"

#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "common/base/check.h"

namespace assay::net::test {

struct RawTls::State {
  int fd = -1;
  SSL_CTX* context = nullptr;
  SSL* connection = nullptr;
  bool connected = false;
  bool closed = false;
  std::string error;
};

namespace {

void set_patience(int fd, int milliseconds) {
  const timeval time{milliseconds / 1000, (milliseconds % 1000) * 1000};
  ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &time, sizeof time);
  ::setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &time, sizeof time);
}

void use(SSL_CTX* context, const crypto::Identity& identity) {
  BIO* text = BIO_new_mem_buf(identity.certificate_pem.data(), static_cast<int>(identity.certificate_pem.size()));
  X509* certificate = PEM_read_bio_X509(text, nullptr, nullptr, nullptr);
  BIO_free(text);
  text = BIO_new_mem_buf(identity.key_pem.data(), static_cast<int>(identity.key_pem.size()));
  EVP_PKEY* key = PEM_read_bio_PrivateKey(text, nullptr, nullptr, nullptr);
  BIO_free(text);
  ASSAY_CHECK(SSL_CTX_use_certificate(context, certificate) == 1 && SSL_CTX_use_PrivateKey(context, key) == 1);
  X509_free(certificate);
  EVP_PKEY_free(key);
}

std::string last_error() {
  const unsigned long code = ERR_peek_last_error();
  ERR_clear_error();
  const char* text = ERR_reason_error_string(code);
  return text != nullptr ? text : "";
}

}  // namespace

int raw_tcp(uint16_t port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return -1;
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) return fd;
  ::close(fd);
  return -1;
}

bool tcp_ended(int fd, int patience_ms) {
  pollfd item{fd, POLLIN, 0};
  char byte = 0;
  return ::poll(&item, 1, patience_ms) == 1 && ::recv(fd, &byte, 1, 0) <= 0;
}

RawTls::RawTls(uint16_t port, const std::optional<crypto::Identity>& identity, const RawTls* resume)
    : state_(std::make_unique<State>()) {
  ::signal(SIGPIPE, SIG_IGN);  // writing to a server that has closed is what these tests are about
  state_->fd = raw_tcp(port);
  if (state_->fd < 0) return;
  set_patience(state_->fd, 10'000);
  state_->context = SSL_CTX_new(TLS_client_method());
  if (identity) use(state_->context, *identity);
  state_->connection = SSL_new(state_->context);
  SSL_set_fd(state_->connection, state_->fd);
  if (resume != nullptr) {
    SSL_SESSION* session = SSL_get1_session(resume->state_->connection);
    SSL_set_session(state_->connection, session);
    SSL_SESSION_free(session);
  }
  state_->connected = SSL_connect(state_->connection) == 1;
  if (!state_->connected) state_->error = last_error();
}

RawTls::~RawTls() {
  if (state_->connection != nullptr) SSL_free(state_->connection);
  if (state_->context != nullptr) SSL_CTX_free(state_->context);
  if (state_->fd >= 0) ::close(state_->fd);
}

bool RawTls::connected() const {
  return state_->connected;
}
bool RawTls::resumed() const {
  return SSL_session_reused(state_->connection) == 1;
}

bool RawTls::send(std::string_view bytes) {
  const bool sent = SSL_write(state_->connection, bytes.data(), static_cast<int>(bytes.size())) > 0;
  if (!sent) state_->error = last_error();
  return sent;
}

std::string RawTls::receive(std::string_view until, int patience_ms) {
  set_patience(state_->fd, patience_ms);
  std::string all;
  char chunk[16 * 1024];
  for (;;) {
    const int got = SSL_read(state_->connection, chunk, sizeof chunk);
    if (got <= 0) {
      const int why = SSL_get_error(state_->connection, got);
      state_->closed = why != SSL_ERROR_WANT_READ;
      state_->error = last_error();
      return all;
    }
    all.append(chunk, static_cast<size_t>(got));
    if (!until.empty() && all.find(until) != std::string::npos) return all;
  }
}

bool RawTls::closed() const {
  return state_->closed;
}
std::string RawTls::error() const {
  return state_->error;
}

}  // namespace assay::net::test
