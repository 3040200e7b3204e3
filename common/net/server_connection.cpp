// SPDX-License-Identifier: Apache-2.0
#include "common/net/server_connection.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/string.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/status.hpp>
#include <utility>

#include "common/base/log.h"

namespace assay::net {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using boost::system::error_code;

// What we answer ourselves, before closing. `code` is the name in the error document (docs/reference/api.md).
struct ServerConnection::Refusal {
  unsigned status;
  std::string_view code;
  std::string_view message;
};

namespace {

constexpr size_t kFirstReadBytes = 4 * 1024;
constexpr size_t kKeptBufferBytes = 16 * 1024;        // more than this is given back between requests
constexpr std::chrono::milliseconds kIdleLinger{50};  // nothing is on the way to a peer that asked nothing

// A place for exactly one answer to one request. Whoever holds it last without answering answers 500.
class PendingAnswer {
 public:
  PendingAnswer(std::shared_ptr<AnswerGate> gate, std::weak_ptr<ServerConnection> connection, uint64_t request_number)
      : gate_(std::move(gate)), connection_(std::move(connection)), request_number_(request_number) {}
  PendingAnswer(const PendingAnswer&) = delete;
  PendingAnswer& operator=(const PendingAnswer&) = delete;
  ~PendingAnswer() {
    Response lost;
    lost.status = 500;
    lost.body = R"({"error":{"code":"internal","message":"the request was dropped without an answer"}})";
    answer(std::move(lost));
  }

  void answer(Response response) {
    if (answered_.exchange(true)) return;
    gate_->pass([&] {
      if (const auto connection = connection_.lock()) connection->answer(request_number_, std::move(response));
    });
  }

 private:
  const std::shared_ptr<AnswerGate> gate_;
  const std::weak_ptr<ServerConnection> connection_;
  const uint64_t request_number_;
  std::atomic<bool> answered_{false};
};

bool is_token(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
}

bool is_header_value(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) >= 0x20 && c != 0x7F; });
}

bool has_body(int status) {
  return status >= 200 && status != 204 && status != 304;
}

// Written here and not by Beast's serializer, whose templates cost far more to compile and to load than these few
// lines.
std::string header_text(const Response& response, unsigned version, bool keep_alive) {
  const auto reason = http::obsolete_reason(http::int_to_status(static_cast<unsigned>(response.status)));
  std::string text =
      fmt::format("HTTP/1.{} {} {}\r\n", version % 10, response.status, std::string_view(reason.data(), reason.size()));
  if (has_body(response.status)) text += fmt::format("Content-Length: {}\r\n", response.body.size());
  if (!response.content_type.empty() && is_header_value(response.content_type)) {
    text += fmt::format("Content-Type: {}\r\n", response.content_type);
  }
  for (const auto& [name, value] : response.headers) {
    if (is_token(name) && is_header_value(value)) text += fmt::format("{}: {}\r\n", name, value);
  }
  if (!keep_alive) text += "Connection: close\r\n";
  if (keep_alive && version == 10) text += "Connection: keep-alive\r\n";
  return text + "\r\n";
}

std::string text_of(beast::string_view text) {
  return {text.data(), text.size()};
}

bool is_http_error(const error_code& problem) {
  return problem.category() == http::make_error_code(http::error::bad_method).category();
}

std::string address_text(const ServerConnection::Socket& socket) {
  error_code problem;
  const auto endpoint = socket.remote_endpoint(problem);
  if (problem) return "";
  const auto address = endpoint.address();
  if (address.is_v6() && address.to_v6().is_v4_mapped())
    return asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6()).to_string();
  return address.to_string();
}

}  // namespace

ServerConnection::ServerConnection(Socket socket, std::shared_ptr<ServerTls> tls, ServerShared& shared)
    : stream_(std::move(socket), tls->context()),
      tls_(std::move(tls)),
      shared_(shared),
      timer_(stream_.get_executor()) {}

void ServerConnection::start() {
  asio::post(stream_.get_executor(), [self = shared_from_this()] { self->handshake(); });
}

void ServerConnection::finish() {
  asio::post(stream_.get_executor(), [self = shared_from_this()] {
    self->leaving_ = true;
    if (self->phase_ == Phase::kHandshake) self->close();
    if (self->phase_ != Phase::kIdle) return;
    error_code ignored;
    self->stream_.next_layer().cancel(ignored);  // the read that waits for a request then ends
    self->arm(kIdleLinger);
  });
}

void ServerConnection::answer(uint64_t request_number, Response response) {
  asio::post(stream_.get_executor(),
             [self = shared_from_this(), request_number, response = std::move(response)] {
               self->on_answer(request_number, response);
             });
}

void ServerConnection::abandon() {
  phase_ = Phase::kClosed;
  error_code ignored;
  stream_.next_layer().close(ignored);
}

void ServerConnection::handshake() {
  if (phase_ != Phase::kHandshake) return;
  remote_address_ = address_text(stream_.next_layer());
  arm(shared_.limits.handshake_time);
  stream_.async_handshake(asio::ssl::stream_base::server,
                          [self = shared_from_this()](const error_code& problem) { self->on_handshake(problem); });
}

void ServerConnection::on_handshake(const error_code& problem) {
  if (problem) {
    shared_.handshakes_failed.fetch_add(1, std::memory_order_relaxed);
    log::debug("tls handshake with {} failed: {}", remote_address_, problem.message());
  }
  if (phase_ == Phase::kClosed) return;
  if (problem) {
    // The alert that tells the peer why is on its way to it, and its first request may be on its way to us.
    phase_ = Phase::kClosing;
    arm(shared_.limits.linger_time);
    return drain();
  }
  peer_ = peer_of(stream_.native_handle());
  wait_for_request();
}

void ServerConnection::wait_for_request() {
  if (leaving_) return shut_down(shared_.limits.linger_time);
  phase_ = Phase::kIdle;
  expired_ = false;
  parser_.emplace();
  parser_->header_limit(static_cast<uint32_t>(shared_.limits.header_bytes));
  parser_->body_limit(shared_.limits.body_bytes);
  if (buffer_.size() > 0) return read_header();  // the peer sent its next request along with the last one
  if (buffer_.capacity() > kKeptBufferBytes) buffer_.shrink_to_fit();
  arm(shared_.limits.idle_time);
  stream_.async_read_some(buffer_.prepare(kFirstReadBytes),
                          [self = shared_from_this()](const error_code& problem, size_t got) {
                            if (self->phase_ == Phase::kClosed) return;
                            if (self->leaving_ || self->expired_ || problem == asio::ssl::error::stream_truncated)
                              return self->shut_down(kIdleLinger);
                            if (problem)
                              return problem == asio::error::eof ? self->shut_down(kIdleLinger) : self->close();
                            self->buffer_.commit(got);
                            self->read_header();
                          });
}

void ServerConnection::read_header() {
  phase_ = Phase::kReading;
  ++request_number_;
  arm(shared_.limits.request_time);
  http::async_read_header(stream_, buffer_, *parser_, [self = shared_from_this()](const error_code& problem, size_t) {
    if (self->phase_ == Phase::kClosed) return;
    if (problem) return self->on_read_error(problem);
    self->on_header();
  });
}

std::optional<ServerConnection::Refusal> ServerConnection::objection_to_header() const {
  const auto& header = parser_->get();
  if (peer_ && !peer_is_welcome()) {
    return Refusal{401, "permission", "your certificate was revoked or has expired; renew it or enrol again"};
  }
  if (header.version() == 11 && header.count(http::field::host) != 1) {
    return Refusal{400, "invalid", "an HTTP/1.1 request needs exactly one Host header"};
  }
  if (header.count(http::field::transfer_encoding) > 0 && !parser_->chunked()) {
    return Refusal{501, "unsupported", "the only transfer encoding understood is chunked"};
  }
  if (header.count(http::field::expect) > 0 && !beast::iequals(header[http::field::expect], "100-continue")) {
    return Refusal{417, "unsupported", "the only expectation understood is 100-continue"};
  }
  Request scratch;
  if (!parse_target(text_of(header.target()), scratch)) {
    return Refusal{400, "invalid", "the request target is not a path with a percent-encoded query"};
  }
  return std::nullopt;
}

void ServerConnection::on_header() {
  if (const auto objection = objection_to_header()) return refuse(*objection);
  if (parser_->is_done()) return hand_over();
  if (parser_->get().count(http::field::expect) > 0 && buffer_.size() == 0) return send_continue();
  read_body();
}

void ServerConnection::send_continue() {
  static constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
  asio::async_write(stream_, asio::buffer(kContinue), [self = shared_from_this()](const error_code& problem, size_t) {
    if (self->phase_ == Phase::kClosed) return;
    if (problem) return self->on_read_error(problem);
    self->read_body();
  });
}

void ServerConnection::read_body() {
  http::async_read(stream_, buffer_, *parser_, [self = shared_from_this()](const error_code& problem, size_t) {
    if (self->phase_ == Phase::kClosed) return;
    if (problem) return self->on_read_error(problem);
    self->hand_over();
  });
}

void ServerConnection::on_read_error(const error_code& problem) {
  if (expired_) return refuse({408, "timeout", "the request took too long"});
  if (!is_http_error(problem)) return close();
  if (problem == http::error::end_of_stream || problem == http::error::partial_message) return shut_down(kIdleLinger);
  if (problem == http::error::header_limit || problem == http::error::buffer_overflow) {
    return refuse({431, "limit", "the request's headers are too long"});
  }
  if (problem == http::error::body_limit) return refuse({413, "limit", "the request's body is too long"});
  if (problem == http::error::bad_version)
    return refuse({505, "unsupported", "the only versions understood are HTTP/1.0 and HTTP/1.1"});
  refuse({400, "invalid", "the request is not HTTP"});
}

bool ServerConnection::peer_is_welcome() const {
  if (SystemClock().now().wall > peer_->not_after) return false;
  return !shared_.peer_check || shared_.peer_check(peer_->identity);
}

void ServerConnection::hand_over() {
  phase_ = Phase::kHandling;
  shared_.requests.fetch_add(1, std::memory_order_relaxed);
  arm(shared_.limits.answer_time);
  auto& message = parser_->get();
  Request request;
  request.method = text_of(message.method_string());
  parse_target(text_of(message.target()), request);
  request.content_type = text_of(message[http::field::content_type]);
  request.authorization = text_of(message[http::field::authorization]);
  request.body = std::move(message.body());
  if (peer_) request.peer = peer_->identity;
  request.remote_address = remote_address_;
  const auto pending = std::make_shared<PendingAnswer>(shared_.gate, weak_from_this(), request_number_);
  shared_.handler(std::move(request), [pending](Response response) { pending->answer(std::move(response)); });
}

void ServerConnection::on_answer(uint64_t request_number, const Response& response) {
  if (phase_ != Phase::kHandling || request_number != request_number_) return;
  write(response, parser_->get().keep_alive() && !leaving_);
}

void ServerConnection::refuse(const Refusal& why) {
  shared_.requests_refused.fetch_add(1, std::memory_order_relaxed);
  Response response;
  response.status = static_cast<int>(why.status);
  response.body = fmt::format(R"({{"error":{{"code":"{}","message":"{}"}}}})", why.code, why.message);
  write(response, false);
}

void ServerConnection::write(const Response& response, bool keep_alive) {
  phase_ = Phase::kWriting;
  expired_ = false;
  arm(shared_.limits.request_time);
  const bool understood = parser_->is_header_done();
  keep_alive_ = keep_alive;
  answer_ = header_text(response, understood ? parser_->get().version() : 11U, keep_alive);
  const bool header_only = understood && parser_->get().method() == http::verb::head;
  if (has_body(response.status) && !header_only) answer_ += response.body;
  asio::async_write(stream_, asio::buffer(answer_),
                    [self = shared_from_this()](const error_code& problem, size_t) { self->on_written(problem); });
}

void ServerConnection::on_written(const error_code& problem) {
  if (phase_ == Phase::kClosed) return;
  answer_ = {};
  parser_.reset();
  if (problem) return close();
  if (!keep_alive_) return shut_down(shared_.limits.linger_time);
  wait_for_request();
}

void ServerConnection::shut_down(Duration linger) {
  phase_ = Phase::kClosing;
  arm(linger);
  stream_.async_shutdown([self = shared_from_this()](const error_code&) {
    if (self->phase_ != Phase::kClosed) self->drain();
  });
}

void ServerConnection::drain() {
  error_code ignored;
  stream_.next_layer().shutdown(asio::socket_base::shutdown_send, ignored);
  buffer_.clear();
  stream_.next_layer().async_read_some(buffer_.prepare(kFirstReadBytes),
                                       [self = shared_from_this()](const error_code& problem, size_t) {
                                         if (self->phase_ == Phase::kClosed) return;
                                         if (problem) return self->close();
                                         self->drain();
                                       });
}

void ServerConnection::close() {
  if (phase_ == Phase::kClosed) return;
  phase_ = Phase::kClosed;
  ++timer_number_;
  timer_.cancel();
  error_code ignored;
  stream_.next_layer().close(ignored);
  shared_.connections.remove(this);
}

void ServerConnection::arm(Duration time) {
  timer_.expires_after(time);
  timer_.async_wait([self = shared_from_this(), number = ++timer_number_](const error_code& cancelled) {
    if (!cancelled && number == self->timer_number_) self->on_deadline();
  });
}

void ServerConnection::on_deadline() {
  if (phase_ == Phase::kHandling) {
    Response late;
    late.status = 503;
    late.body = R"({"error":{"code":"timeout","message":"no answer in time; try again later"}})";
    return write(late, false);
  }
  const bool reading = phase_ == Phase::kIdle || phase_ == Phase::kReading;
  if (!reading || expired_) return close();
  // The read ends with this, and its end sees expired_. Should the read have ended well in this very moment, the next
  // one has a second.
  expired_ = true;
  error_code ignored;
  stream_.next_layer().cancel(ignored);
  arm(std::chrono::seconds{1});
}

}  // namespace assay::net
