// SPDX-License-Identifier: Apache-2.0
// A blocking TLS connection that sends exactly the bytes a test gives it, however wrong, and trusts everybody. Every
// wait is bounded.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "common/crypto/identity.h"

namespace assay::net::test {

class RawTls {
 public:
  // `resume` takes what session() gave.
  explicit RawTls(uint16_t port, const std::optional<crypto::Identity>& identity = std::nullopt,
                  const RawTls* resume = nullptr);
  RawTls(const RawTls&) = delete;
  RawTls& operator=(const RawTls&) = delete;
  ~RawTls();

  bool connected() const;  // the handshake went well on this side
  bool resumed() const;
  bool send(std::string_view bytes);
  // What the server says until it closes, or `patience_ms` of silence, or `until` came.
  std::string receive(std::string_view until = "", int patience_ms = 10'000);
  // True when receive() ended with the end of the connection.
  bool closed() const;
  // The last TLS error in words ("tlsv1 alert unknown ca").
  std::string error() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// A TCP connection to loopback that does not speak at all; -1 when refused.
int raw_tcp(uint16_t port);
// Waits for the end of the stream; false after `patience_ms`.
bool tcp_ended(int fd, int patience_ms);

}  // namespace assay::net::test
