// SPDX-License-Identifier: Apache-2.0
// What all connections of one server share: limits, callbacks, counters, the list of open connections, and the gate
// that answers from other threads must pass. Internal to common/net.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "common/net/https_server.h"

namespace assay::net {

class ServerConnection;

// Owns the open connections. Thread-safe.
class ConnectionRegistry {
 public:
  explicit ConnectionRegistry(size_t limit) : limit_(limit) {}

  // False when there are `limit` of them already, or after refuse_more().
  bool add(std::shared_ptr<ServerConnection> connection) {
    const std::lock_guard lock(mutex_);
    if (refusing_ || open_.size() >= limit_) return false;
    ServerConnection* const key = connection.get();
    open_.emplace(key, std::move(connection));
    return true;
  }

  void remove(ServerConnection* connection) {
    std::shared_ptr<ServerConnection> last;  // destroyed after the lock is gone
    const std::lock_guard lock(mutex_);
    const auto found = open_.find(connection);
    if (found == open_.end()) return;
    last = std::move(found->second);
    open_.erase(found);
    if (open_.empty()) empty_.notify_all();
  }

  void refuse_more() {
    const std::lock_guard lock(mutex_);
    refusing_ = true;
  }

  bool full() const {
    const std::lock_guard lock(mutex_);
    return open_.size() >= limit_;
  }

  size_t size() const {
    const std::lock_guard lock(mutex_);
    return open_.size();
  }

  std::vector<std::shared_ptr<ServerConnection>> snapshot() const {
    std::vector<std::shared_ptr<ServerConnection>> all;
    const std::lock_guard lock(mutex_);
    all.reserve(open_.size());
    for (const auto& [key, connection] : open_) all.push_back(connection);
    return all;
  }

  // True once there is none left; false after `patience`.
  bool wait_empty(Duration patience) {
    std::unique_lock lock(mutex_);
    return empty_.wait_for(lock, patience, [&] { return open_.empty(); });
  }

 private:
  const size_t limit_;
  mutable std::mutex mutex_;
  std::condition_variable empty_;
  std::unordered_map<ServerConnection*, std::shared_ptr<ServerConnection>> open_;
  bool refusing_ = false;
};

// Responders outlive the server when a handler keeps one: they reach their connection only through this gate, which the
// server closes before it goes. While a responder is inside, the server waits. Thread-safe.
class AnswerGate {
 public:
  template <typename Deliver>
  void pass(Deliver&& deliver) {
    const std::lock_guard lock(mutex_);
    if (open_) deliver();
  }
  void close() {
    const std::lock_guard lock(mutex_);
    open_ = false;
  }

 private:
  std::mutex mutex_;
  bool open_ = true;
};

struct ServerShared {
  ServerShared(const HttpLimits& the_limits, Handler the_handler, PeerCheck the_peer_check)
      : limits(the_limits),
        handler(std::move(the_handler)),
        peer_check(std::move(the_peer_check)),
        connections(the_limits.connections) {}

  const HttpLimits limits;
  const Handler handler;
  const PeerCheck peer_check;
  ConnectionRegistry connections;
  const std::shared_ptr<AnswerGate> gate = std::make_shared<AnswerGate>();

  std::atomic<uint64_t> accepted{0};
  std::atomic<uint64_t> refused{0};
  std::atomic<uint64_t> handshakes_failed{0};
  std::atomic<uint64_t> requests{0};
  std::atomic<uint64_t> requests_refused{0};
};

}  // namespace assay::net
