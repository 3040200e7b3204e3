// SPDX-License-Identifier: Apache-2.0
#include "common/net/https_client.h"

#include <fmt/format.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/verb.hpp>
#include <utility>
#include <vector>

#include "common/net/tls_context.h"
#include "common/net/url.h"

namespace assay::net {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;
using Steady = std::chrono::steady_clock;

namespace {

constexpr uint32_t kReplyHeaderBytes = 64 * 1024;
constexpr size_t kKeptBufferBytes = 16 * 1024;  // more than this is given back after a call
constexpr int kInterimAnswers = 8;              // 1xx before the real one

struct SessionFree {
  void operator()(SSL_SESSION* session) const { SSL_SESSION_free(session); }
};

using Stream = asio::ssl::stream<tcp::socket>;

// The outcome of one asynchronous operation. Shared with its handler, for a name look-up may end long after we gave up
// on it.
struct Pending {
  bool done = false;
  error_code problem;
};

bool is_http_error(const error_code& problem) {
  return problem.category() == http::make_error_code(http::error::bad_method).category();
}

// The server went away without a word: on a kept connection that is how its idle time ends.
bool is_gone(const error_code& problem) {
  return problem == asio::error::eof || problem == asio::error::connection_reset ||
         problem == asio::error::broken_pipe || problem == asio::error::connection_aborted ||
         problem == asio::ssl::error::stream_truncated || problem == http::error::end_of_stream ||
         problem == http::error::partial_message;
}

bool is_header_text(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) >= 0x20 && c != 0x7F; });
}

// Written here and not by Beast's serializer, whose templates cost far more to compile and to load than these few
// lines.
std::string header_text(const CallOptions& call, const std::string& authority) {
  std::string text =
      fmt::format("{} {} HTTP/1.1\r\nHost: {}\r\nUser-Agent: assay\r\n", call.method, call.target, authority);
  if (!call.authorization.empty()) text += fmt::format("Authorization: {}\r\n", call.authorization);
  if (!call.body.empty() && !call.content_type.empty()) text += fmt::format("Content-Type: {}\r\n", call.content_type);
  const bool may_have_body = call.method != "GET" && call.method != "HEAD";
  if (may_have_body || !call.body.empty()) text += fmt::format("Content-Length: {}\r\n", call.body.size());
  return text + "\r\n";
}

Status check_call(const CallOptions& options) {
  const bool target_fits = options.target.starts_with('/') && is_header_text(options.target) &&
                           options.target.find(' ') == std::string::npos;
  if (!target_fits) {
    return make_error(ErrorCode::kInvalid, fmt::format("request target \"{}\" is not a percent-encoded path",
                                                       options.target.substr(0, 200)));
  }
  if (http::string_to_verb(options.method) == http::verb::unknown) {
    return make_error(ErrorCode::kInvalid, fmt::format("\"{}\" is not an HTTP method", options.method.substr(0, 40)));
  }
  if (!is_header_text(options.content_type) || !is_header_text(options.authorization)) {
    return make_error(ErrorCode::kInvalid, "a request header has control characters");
  }
  return {};
}

}  // namespace

// One connection and the loop that drives it; the loop turns only inside call(), so there is no thread. (A host name,
// other than an IP address, is looked up by a thread that Asio starts for it.)
class HttpsClient::Impl {
 public:
  Impl(ClientOptions options, ServerAddress address, std::unique_ptr<ClientTls> tls)
      : options_(std::move(options)), address_(std::move(address)), tls_(std::move(tls)) {}

  Result<Response> call(const CallOptions& call) {
    deadline_ = Steady::now() + options_.timeout;
    try {
      if (stream_) {
        auto answer = exchange(call);
        if (answer.ok() || !stale_) return answer;
      }
      TRY(connect());
      return exchange(call);
    } catch (const std::exception& problem) {
      disconnect();
      return make_error(ErrorCode::kInternal, fmt::format("{}: {}", options_.url, problem.what()));
    }
  }

  // Without waiting for the server's goodbye: it has nothing to tell us.
  void disconnect() {
    if (!stream_) return;
    error_code ignored;
    stream_->next_layer().close(ignored);
    stream_.reset();
    buffer_.clear();
  }

 private:
  // Starts an operation and turns the loop until it has ended or the time of the call is over; then the socket is
  // closed, which ends every operation on it.
  template <typename Start>
  error_code await(Start&& start) {
    const auto pending = std::make_shared<Pending>();
    start([pending](const error_code& problem, auto&&...) {
      pending->done = true;
      pending->problem = problem;
    });
    turn(*pending, deadline_);
    if (pending->done) return pending->problem;
    if (stream_) {
      error_code ignored;
      stream_->next_layer().close(ignored);
      turn(*pending, Steady::time_point::max());
    }
    return asio::error::timed_out;
  }

  void turn(const Pending& pending, Steady::time_point until) {
    io_.restart();
    while (!pending.done && io_.run_one_until(until) > 0) {
    }
  }

  Result<std::vector<tcp::endpoint>> resolve() {
    error_code problem;
    const auto literal = asio::ip::make_address(address_.host, problem);
    if (!problem) return std::vector<tcp::endpoint>{{literal, address_.port}};
    const auto found = std::make_shared<std::vector<tcp::endpoint>>();
    const auto resolver = std::make_shared<tcp::resolver>(io_);
    problem = await([&](const auto& done) {
      resolver->async_resolve(
          address_.host, fmt::format("{}", address_.port),
          [found, resolver, done](const error_code& failed, const tcp::resolver::results_type& results) {
            for (const auto& result : results) found->push_back(result.endpoint());
            done(failed);
          });
    });
    if (problem == asio::error::timed_out) return fail(problem, "look up the host name");
    if (problem || found->empty()) {
      return make_error(ErrorCode::kUnavailable,
                        fmt::format("{}: host name not found: {}; check the url", options_.url, problem.message()));
    }
    return std::move(*found);
  }

  Status connect() {
    disconnect();
    const auto endpoints = TRY(resolve());
    stream_.emplace(io_, tls_->context());
    calls_on_connection_ = 0;
    error_code problem = await([&](const auto& done) {
      asio::async_connect(stream_->next_layer(), endpoints,
                          [done](const error_code& failed, const tcp::endpoint&) { done(failed); });
    });
    if (problem) return fail(problem, "connect");
    stream_->next_layer().set_option(tcp::no_delay(true), problem);
    SSL* const connection = stream_->native_handle();
    ClientTls::expect_host(connection, address_.host);
    if (session_ != nullptr) SSL_set_session(connection, session_.get());
    problem = await([&](auto done) { stream_->async_handshake(asio::ssl::stream_base::client, done); });
    if (problem) return fail(problem, "tls handshake");
    return {};
  }

  // One request and its answer on the open connection. Sets stale_ when it failed only because the server had closed a
  // kept connection.
  Result<Response> exchange(const CallOptions& call) {
    stale_ = false;
    const std::string request = header_text(call, address_.authority) + call.body;
    const error_code unsent = await([&](auto done) { asio::async_write(*stream_, asio::buffer(request), done); });
    if (unsent == asio::error::timed_out) return fail(unsent, "send");
    // A server that refuses answers before it has read everything, so its words may wait for us even now.
    bool began = false;
    auto answer = receive(call, began);
    if (!answer.ok()) {
      stale_ = calls_on_connection_ > 0 && !began && stale_;
      disconnect();
      return answer.error();
    }
    ++calls_on_connection_;
    if (unsent || !answer->keep_alive()) {
      remember_session();
      disconnect();
    } else if (calls_on_connection_ == 1) {
      remember_session();
    }
    return to_response(*answer);
  }

  using Answer = http::response<http::string_body>;

  Result<Answer> receive(const CallOptions& call, bool& began) {
    for (int interim = 0; interim < kInterimAnswers; ++interim) {
      http::response_parser<http::string_body> parser;
      parser.header_limit(kReplyHeaderBytes);
      parser.body_limit(options_.reply_bytes);
      parser.skip(call.method == "HEAD");
      const error_code problem = await([&](auto done) { http::async_read(*stream_, buffer_, parser, done); });
      began = began || parser.got_some();
      if (problem == http::error::body_limit) {
        return make_error(ErrorCode::kLimit,
                          fmt::format("{}: the answer is longer than {} bytes", options_.url, options_.reply_bytes));
      }
      if (problem) {
        stale_ = is_gone(problem);
        return fail_keeping_stream(problem, "receive");
      }
      if (parser.get().result_int() >= 200) {
        if (buffer_.size() == 0 && buffer_.capacity() > kKeptBufferBytes) buffer_.shrink_to_fit();
        return parser.release();
      }
    }
    return make_error(ErrorCode::kUnavailable, fmt::format("{}: the server sends interim answers only", options_.url));
  }

  static Response to_response(Answer& answer) {
    Response response;
    response.status = static_cast<int>(answer.result_int());
    response.content_type.clear();
    for (const auto& field : answer) {
      std::string value(field.value().data(), field.value().size());
      if (field.name() == http::field::content_type) {
        response.content_type = std::move(value);
      } else {
        response.headers.insert_or_assign(std::string(field.name_string().data(), field.name_string().size()),
                                          std::move(value));
      }
    }
    response.body = std::move(answer.body());
    return response;
  }

  // The ticket comes with the first answer; with it the next handshake needs no certificates.
  void remember_session() {
    std::unique_ptr<SSL_SESSION, SessionFree> session(SSL_get1_session(stream_->native_handle()));
    if (session != nullptr && SSL_SESSION_is_resumable(session.get()) == 1) session_ = std::move(session);
  }

  Error fail(const error_code& problem, std::string_view doing) {
    Error error = fail_keeping_stream(problem, doing);
    disconnect();
    return error;
  }

  Error fail_keeping_stream(const error_code& problem, std::string_view doing) {
    const std::string& url = options_.url;
    if (problem == asio::error::timed_out) {
      return make_error(ErrorCode::kTimeout,
                        fmt::format("{}: no answer within {} (at: {})", url, format_span(options_.timeout), doing));
    }
    if (const auto refused = refusal_of(problem)) {
      session_.reset();
      return make_error(
          ErrorCode::kPermission,
          fmt::format("{}: the server refused our certificate ({}); renew it or enrol again", url, *refused));
    }
    if (stream_ && problem.category() == asio::error::get_ssl_category()) {
      session_.reset();
      if (const auto distrust = distrust_of(stream_->native_handle())) {
        return make_error(ErrorCode::kPermission,
                          fmt::format("{}: the server is not trusted: {}; check the url and the CA", url, *distrust));
      }
      return make_error(ErrorCode::kUnavailable,
                        fmt::format("{}: {}: {}; is this the collector's port?", url, doing, problem.message()));
    }
    if (is_http_error(problem) && !is_gone(problem)) {
      return make_error(ErrorCode::kUnavailable, fmt::format("{}: the answer is not HTTP: {}", url, problem.message()));
    }
    return make_error(ErrorCode::kUnavailable, fmt::format("{}: {}: {}", url, doing, problem.message()));
  }

  const ClientOptions options_;
  const ServerAddress address_;
  const std::unique_ptr<ClientTls> tls_;
  asio::io_context io_{1};
  std::optional<Stream> stream_;
  std::unique_ptr<SSL_SESSION, SessionFree> session_;
  beast::flat_buffer buffer_;
  Steady::time_point deadline_;
  uint64_t calls_on_connection_ = 0;
  bool stale_ = false;
};

HttpsClient::HttpsClient(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
HttpsClient::HttpsClient(HttpsClient&&) noexcept = default;
HttpsClient& HttpsClient::operator=(HttpsClient&&) noexcept = default;
HttpsClient::~HttpsClient() = default;

Result<HttpsClient> HttpsClient::make(ClientOptions options) {
  auto address = TRY(parse_server_url(options.url));
  if (options.timeout <= Duration::zero())
    return make_error(ErrorCode::kInvalid, "the timeout of a client must be positive");
  try {
    auto tls = TRY(ClientTls::make(options));
    return HttpsClient(std::make_unique<Impl>(std::move(options), std::move(address), std::move(tls)));
  } catch (const std::exception& problem) {
    return make_error(ErrorCode::kInternal, fmt::format("https client: {}", problem.what()));
  }
}

Result<Response> HttpsClient::call(const CallOptions& options) {
  TRY(check_call(options));
  return impl_->call(options);
}

void HttpsClient::disconnect() {
  impl_->disconnect();
}

}  // namespace assay::net
