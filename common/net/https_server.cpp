// SPDX-License-Identifier: Apache-2.0
#include "common/net/https_server.h"

#include <fmt/format.h>
#include <pthread.h>
#include <signal.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "common/base/check.h"
#include "common/base/log.h"
#include "common/net/server_connection.h"
#include "common/net/server_shared.h"
#include "common/net/tls_context.h"

namespace assay::net {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

constexpr std::chrono::milliseconds kAcceptPause{100};  // when descriptors have run out, so that the loop does not spin
constexpr int kMostThreads = 64;

Result<tcp::endpoint> endpoint_of(const ServerOptions& options) {
  std::string text = options.address;
  if (text.size() > 2 && text.front() == '[' && text.back() == ']') text = text.substr(1, text.size() - 2);
  error_code problem;
  const auto address = asio::ip::make_address(text, problem);
  if (problem) {
    return make_error(
        ErrorCode::kInvalid,
        fmt::format("listen address \"{}\" is not an IP address; write one like 127.0.0.1 or ::", options.address));
  }
  return tcp::endpoint(address, options.port);
}

Error listen_error(const tcp::endpoint& endpoint, const error_code& problem) {
  const std::string where = endpoint.address().is_v4()
                                ? fmt::format("{}:{}", endpoint.address().to_string(), endpoint.port())
                                : fmt::format("[{}]:{}", endpoint.address().to_string(), endpoint.port());
  if (problem == asio::error::address_in_use) {
    return make_error(
        ErrorCode::kConflict,
        fmt::format("{}: address already in use; stop the other process or set listen in collector.toml", where));
  }
  if (problem == asio::error::access_denied) {
    return make_error(ErrorCode::kPermission,
                      fmt::format("{}: permission denied; use a port above 1023 or grant CAP_NET_BIND_SERVICE", where));
  }
  if (problem == boost::system::errc::address_not_available) {
    return make_error(ErrorCode::kInvalid,
                      fmt::format("{}: not an address of this machine; set listen in collector.toml", where));
  }
  return errno_error(problem.value(), where);
}

// While alive, threads started by this one inherit a mask of all signals: signals are the main thread's business.
class SignalsBlocked {
 public:
  SignalsBlocked() {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  SignalsBlocked(const SignalsBlocked&) = delete;
  SignalsBlocked& operator=(const SignalsBlocked&) = delete;
  ~SignalsBlocked() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

 private:
  sigset_t before_{};
};

}  // namespace

// The members are destroyed from the bottom: threads are joined by stop(), then the context goes with the operations
// that hold connections, and what connections refer to goes last.
class HttpsServer::Impl {
 public:
  Impl(const ServerOptions& options, Handler handler, PeerCheck peer_check)
      : client_ca_pem_(options.client_ca_pem),
        shared_(options.limits, std::move(handler), std::move(peer_check)),
        io_(options.threads) {}
  ~Impl() { stop(Duration::zero()); }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  Status use_certificate(const std::string& certificate_pem, const std::string& key_pem) {
    auto tls = TRY(ServerTls::make(certificate_pem, key_pem, client_ca_pem_, shared_.peer_check));
    const std::lock_guard lock(tls_mutex_);
    tls_ = std::move(tls);
    return {};
  }

  Status listen(const tcp::endpoint& endpoint) {
    error_code problem;
    acceptor_.open(endpoint.protocol(), problem);
    if (!problem) acceptor_.set_option(tcp::acceptor::reuse_address(true), problem);
    if (!problem) acceptor_.bind(endpoint, problem);
    if (!problem) acceptor_.listen(asio::socket_base::max_listen_connections, problem);
    if (!problem) port_ = acceptor_.local_endpoint(problem).port();
    if (problem) return listen_error(endpoint, problem);
    return {};
  }

  void run(int threads) {
    asio::post(acceptor_.get_executor(), [this] { accept_next(); });
    const SignalsBlocked blocked;
    for (int i = 0; i < threads; ++i) {
      threads_.emplace_back([this] { serve(); });
      pthread_setname_np(threads_.back().native_handle(), fmt::format("assay-https-{}", i).c_str());
    }
  }

  void stop(Duration patience) {
    const std::lock_guard lock(stop_mutex_);
    if (stopped_) return;
    ASSAY_CHECK(!io_.get_executor().running_in_this_thread());
    shared_.connections.refuse_more();
    asio::post(acceptor_.get_executor(), [this] { stop_accepting(); });
    if (patience > Duration::zero()) {
      for (const auto& connection : shared_.connections.snapshot()) connection->finish();
      shared_.connections.wait_empty(patience);
    }
    shared_.gate->close();
    io_.stop();
    for (std::thread& thread : threads_) thread.join();
    stop_accepting();
    for (const auto& connection : shared_.connections.snapshot()) {
      connection->abandon();
      shared_.connections.remove(connection.get());
    }
    stopped_ = true;
  }

  uint16_t port() const { return port_; }
  const ServerShared& shared() const { return shared_; }

 private:
  void serve() {
    for (;;) {
      try {
        io_.run();
        return;
      } catch (const std::exception& problem) {
        log::error("https server: a request was dropped: {}", problem.what());  // its responder answers 500
      }
    }
  }

  void accept_next() {
    if (!acceptor_.is_open()) return;
    acceptor_.async_accept(asio::make_strand(io_), [this](const error_code& problem, tcp::socket socket) {
      if (!acceptor_.is_open()) return;
      if (!problem) {
        accept_failures_ = 0;
        if (!admit(std::move(socket))) shared_.refused.fetch_add(1, std::memory_order_relaxed);
      } else if (problem != asio::error::connection_aborted) {
        return pause_accepting(problem);
      }
      accept_next();
    });
  }

  // False, with the socket closed, when there are too many or memory is short.
  bool admit(tcp::socket socket) {
    if (shared_.connections.full()) return false;
    try {
      error_code ignored;
      socket.set_option(tcp::no_delay(true), ignored);
      auto connection = std::make_shared<ServerConnection>(std::move(socket), tls(), shared_);
      if (!shared_.connections.add(connection)) return false;
      shared_.accepted.fetch_add(1, std::memory_order_relaxed);
      connection->start();
      return true;
    } catch (const std::exception& problem) {
      log::error("https server: a connection was dropped: {}", problem.what());
      return false;
    }
  }

  void pause_accepting(const error_code& problem) {
    if (accept_failures_++ == 0) log::warning("https server: cannot accept connections for now: {}", problem.message());
    pause_.expires_after(kAcceptPause);
    pause_.async_wait([this](const error_code& cancelled) {
      if (!cancelled) accept_next();
    });
  }

  void stop_accepting() {
    error_code ignored;
    acceptor_.close(ignored);
    pause_.cancel();
  }

  std::shared_ptr<ServerTls> tls() const {
    const std::lock_guard lock(tls_mutex_);
    return tls_;
  }

  const std::string client_ca_pem_;
  mutable std::mutex tls_mutex_;
  std::shared_ptr<ServerTls> tls_;
  ServerShared shared_;
  asio::io_context io_;
  tcp::acceptor acceptor_{asio::make_strand(io_)};  // the strand serialises accepting with its end
  asio::steady_timer pause_{acceptor_.get_executor()};
  uint64_t accept_failures_ = 0;
  uint16_t port_ = 0;
  std::mutex stop_mutex_;
  bool stopped_ = false;
  std::vector<std::thread> threads_;
};

HttpsServer::HttpsServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
HttpsServer::~HttpsServer() = default;

Result<std::unique_ptr<HttpsServer>> HttpsServer::start(const ServerOptions& options, Handler handler,
                                                        PeerCheck peer_check) {
  ASSAY_CHECK(handler != nullptr);
  if (options.threads < 1 || options.threads > kMostThreads) {
    return make_error(ErrorCode::kInvalid,
                      fmt::format("{} server threads: use 1 to {}", options.threads, kMostThreads));
  }
  const tcp::endpoint endpoint = TRY(endpoint_of(options));
  try {
    auto impl = std::make_unique<Impl>(options, std::move(handler), std::move(peer_check));
    TRY(impl->use_certificate(options.certificate_pem, options.key_pem));
    TRY(impl->listen(endpoint));
    impl->run(options.threads);
    return std::unique_ptr<HttpsServer>(new HttpsServer(std::move(impl)));
  } catch (const std::exception& problem) {
    return make_error(ErrorCode::kInternal, fmt::format("https server: {}", problem.what()));
  }
}

uint16_t HttpsServer::port() const {
  return impl_->port();
}

ServerCounters HttpsServer::counters() const {
  const ServerShared& shared = impl_->shared();
  ServerCounters counters;
  counters.connections_open = shared.connections.size();
  counters.connections_accepted = shared.accepted.load(std::memory_order_relaxed);
  counters.connections_refused = shared.refused.load(std::memory_order_relaxed);
  counters.handshakes_failed = shared.handshakes_failed.load(std::memory_order_relaxed);
  counters.requests = shared.requests.load(std::memory_order_relaxed);
  counters.requests_refused = shared.requests_refused.load(std::memory_order_relaxed);
  return counters;
}

Status HttpsServer::set_certificate(const std::string& certificate_pem, const std::string& key_pem) {
  return impl_->use_certificate(certificate_pem, key_pem);
}

void HttpsServer::stop(Duration patience) {
  impl_->stop(patience);
}

}  // namespace assay::net
