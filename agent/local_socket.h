// SPDX-License-Identifier: Apache-2.0
// The agent's local Unix socket: one line of JSON in, one JSON document out, then the connection closes (docs/reference/api.md). Access is by the
// file's permissions.
#pragma once

#include <poll.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "agent/core/device_watch.h"
#include "common/base/clock.h"
#include "common/base/file.h"
#include "common/base/result.h"

namespace assay::agent {

struct LocalRequest {
  enum class Kind : uint8_t { kStatus, kNodeCheck, kProbes, kRun };
  uint64_t client = 0;        // to answer
  Kind kind = Kind::kStatus;
  std::string device;         // kRun: id; "" for the node's first
  OnDemandRun run;
};

// kInvalid in one line for anything that is not one of the documented requests.
Result<LocalRequest> parse_local_request(std::string_view line);

// One owner, the thread with the poll loop. Never blocks: a client that is slow or silent is dropped.
class LocalSocket {
 public:
  static constexpr size_t kClients = 16;
  static constexpr size_t kLineBytes = 4096;
  static constexpr size_t kDiscardBytes = 64 * 1024;
  static constexpr std::chrono::seconds kClientPatience{5};    // to send its line, and to take the answer
  static constexpr std::chrono::seconds kAnswerPatience{120};  // of the agent, for a run

  static Result<std::unique_ptr<LocalSocket>> open(const std::filesystem::path& path);
  ~LocalSocket();

  void descriptors(std::vector<pollfd>& into) const;
  MonoTime wake_at() const;
  // Takes connections and lines; the requests that are to be answered. Malformed ones are answered here.
  std::vector<LocalRequest> advance(MonoTime now);
  // An unknown client is one that gave up.
  void answer(uint64_t client, std::string document, MonoTime now);

 private:
  struct Client {
    uint64_t id = 0;
    UniqueFd fd;
    std::string in;
    std::string out;
    bool asked = false;       // its line is complete
    bool answered = false;
    MonoTime deadline;
  };
  explicit LocalSocket(std::filesystem::path path, UniqueFd listener);
  void accept_all(MonoTime now);
  bool read_line(Client& client);
  static void discard_input(const Client& client);
  static bool write_some(Client& client);

  std::filesystem::path path_;
  UniqueFd listener_;
  std::vector<Client> clients_;
  uint64_t next_id_ = 1;
};

}  // namespace assay::agent
