// SPDX-License-Identifier: Apache-2.0
// One connection of the server, from handshake to close: wait for a request, read it, have it answered, write, begin
// again. Internal to common/net, because it shows Asio's types.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "common/net/server_shared.h"
#include "common/net/tls_context.h"

namespace assay::net {

// Lives in the registry until close(), and in the operations that are under way. Everything private runs on the strand
// of the socket, so there is no lock; start(), finish() and answer() may be called from any thread.
class ServerConnection : public std::enable_shared_from_this<ServerConnection> {
 public:
  using Socket = boost::asio::ip::tcp::socket;

  // The socket's executor must be a strand. `shared` must outlive the connection.
  ServerConnection(Socket socket, std::shared_ptr<ServerTls> tls, ServerShared& shared);

  void start();
  // Closes now when no request is under way, after its answer otherwise.
  void finish();
  // The answer to the request of that number; ignored when another one is under way meanwhile.
  void answer(uint64_t request_number, Response response);
  // Closes the socket where it stands. Only after the server's threads have ended.
  void abandon();

 private:
  enum class Phase { kHandshake, kIdle, kReading, kHandling, kWriting, kClosing, kClosed };
  struct Refusal;

  void handshake();
  void on_handshake(const boost::system::error_code& problem);
  void wait_for_request();
  void read_header();
  void read_body();
  void on_header();
  void send_continue();
  void hand_over();
  void on_answer(uint64_t request_number, const Response& response);
  void on_read_error(const boost::system::error_code& problem);
  void refuse(const Refusal& why);
  void write(const Response& response, bool keep_alive);
  void on_written(const boost::system::error_code& problem);
  // Says goodbye and gives the peer `linger` to read the last answer: closing a socket with unread input would destroy
  // it on the way.
  void shut_down(Duration linger);
  void drain();
  void close();

  void arm(Duration time);
  void on_deadline();
  bool peer_is_welcome() const;
  std::optional<Refusal> objection_to_header() const;

  boost::asio::ssl::stream<Socket> stream_;
  const std::shared_ptr<ServerTls>
      tls_;  // kept: a renewed certificate must not free the context under a living connection
  ServerShared& shared_;
  boost::asio::steady_timer timer_;
  uint64_t timer_number_ = 0;  // a deadline that was set anew meanwhile is recognised by its old number
  Phase phase_ = Phase::kHandshake;
  bool expired_ = false;  // the deadline cancelled the read that is under way
  bool leaving_ = false;  // finish() was called

  boost::beast::flat_buffer buffer_;
  std::optional<boost::beast::http::request_parser<boost::beast::http::string_body>> parser_;
  std::string answer_;
  bool keep_alive_ = false;  // after the answer that is being written
  uint64_t request_number_ = 0;
  std::optional<VerifiedPeer> peer_;
  std::string remote_address_;
};

}  // namespace assay::net
