// SPDX-License-Identifier: Apache-2.0
#include "agent/local_socket.h"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "agent/status_json.h"
#include "common/model/limits.h"
#include "common/net/unix_socket.h"

namespace assay::agent {
namespace {

using Json = nlohmann::json;

// A whole number of a request, 0 when it is not there.
Result<uint32_t> number_of(const Json& request, const char* key, uint32_t otherwise) {
  const auto found = request.find(key);
  if (found == request.end()) return otherwise;
  if (!found->is_number_unsigned() || found->get<uint64_t>() > 0xFFFFFFFFULL) {
    return make_error(ErrorCode::kInvalid, fmt::format("\"{}\" must be a whole number", key));
  }
  return static_cast<uint32_t>(found->get<uint64_t>());
}

Result<std::string> text_of(const Json& request, const char* key) {
  const auto found = request.find(key);
  if (found == request.end()) return std::string();
  if (!found->is_string() || found->get_ref<const std::string&>().size() > limits::kNodeNameChars) {
    return make_error(ErrorCode::kInvalid, fmt::format("\"{}\" must be a short string", key));
  }
  return found->get<std::string>();
}

}  // namespace

Result<LocalRequest> parse_local_request(std::string_view line) {
  const Json request = Json::parse(line, nullptr, false);
  if (!request.is_object()) return make_error(ErrorCode::kInvalid, "a request is one line with a JSON object, as in {\"request\":\"status\"}");
  const std::string kind = TRY(text_of(request, "request"));
  LocalRequest parsed;
  if (kind == "status") return parsed;
  if (kind == "node_check") {
    parsed.kind = LocalRequest::Kind::kNodeCheck;
    return parsed;
  }
  if (kind == "probes") {
    parsed.kind = LocalRequest::Kind::kProbes;
    return parsed;
  }
  if (kind != "run") return make_error(ErrorCode::kInvalid, "\"request\" must be status, node_check, probes or run");
  parsed.kind = LocalRequest::Kind::kRun;
  parsed.device = TRY(text_of(request, "device"));
  parsed.run.probe = TRY(text_of(request, "probe"));
  if (parsed.run.probe.empty()) return make_error(ErrorCode::kInvalid, "\"probe\" is missing: the id of a probe, as in gemm.fp64.grid");
  parsed.run.unit = TRY(number_of(request, "unit", 0));
  parsed.run.operand_set = TRY(number_of(request, "operand_set", 0));
  parsed.run.runs = TRY(number_of(request, "runs", 1));
  parsed.run.variant = TRY(text_of(request, "variant"));
  if (!probes::is_valid_variant(parsed.run.variant)) return make_error(ErrorCode::kInvalid, "\"variant\" must be the name of an instruction set, as in avx2");
  return parsed;
}

LocalSocket::LocalSocket(std::filesystem::path path, UniqueFd listener) : path_(std::move(path)), listener_(std::move(listener)) {}

LocalSocket::~LocalSocket() { ::unlink(path_.c_str()); }

Result<std::unique_ptr<LocalSocket>> LocalSocket::open(const std::filesystem::path& path) {
  UniqueFd listener = TRY(net::listen_unix(path));
  return std::unique_ptr<LocalSocket>(new LocalSocket(path, std::move(listener)));
}

void LocalSocket::descriptors(std::vector<pollfd>& into) const {
  if (clients_.size() < kClients) into.push_back({listener_.get(), POLLIN, 0});
  for (const Client& client : clients_) {
    // While the agent works for it, only its going away is of interest (POLLHUP comes unasked).
    const int events = client.answered ? POLLOUT : client.asked ? 0 : POLLIN;
    into.push_back({client.fd.get(), static_cast<short>(events), 0});
  }
}

MonoTime LocalSocket::wake_at() const {
  MonoTime wake = MonoTime::max();
  for (const Client& client : clients_) wake = std::min(wake, client.deadline);
  return wake;
}

void LocalSocket::accept_all(MonoTime now) {
  while (clients_.size() < kClients) {
    UniqueFd fd(::accept4(listener_.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (!fd.valid()) return;
    Client client;
    client.id = next_id_++;
    client.fd = std::move(fd);
    client.deadline = now + kClientPatience;
    clients_.push_back(std::move(client));
  }
}

// False when the client is gone.
bool LocalSocket::read_line(Client& client) {
  std::array<char, 1024> chunk{};
  for (;;) {
    const ssize_t got = ::recv(client.fd.get(), chunk.data(), chunk.size(), 0);
    if (got > 0) {
      client.in.append(chunk.data(), static_cast<size_t>(got));
      if (client.in.size() > kLineBytes || client.in.find('\n') != std::string::npos) return true;
    } else if (got == 0) {
      return false;
    } else if (errno != EINTR) {
      return errno == EAGAIN;
    }
  }
}

// Takes what the client still had to say: closing over unread bytes would reset the connection and lose the answer on its way.
void LocalSocket::discard_input(const Client& client) {
  std::array<char, 4096> chunk{};
  for (size_t left = kDiscardBytes; left > 0; left -= std::min(left, chunk.size())) {
    if (::recv(client.fd.get(), chunk.data(), chunk.size(), MSG_DONTWAIT) <= 0) return;
  }
}

// False when everything is out or the client is gone.
bool LocalSocket::write_some(Client& client) {
  while (!client.out.empty()) {
    const ssize_t put = ::send(client.fd.get(), client.out.data(), client.out.size(), MSG_NOSIGNAL);
    if (put > 0) {
      client.out.erase(0, static_cast<size_t>(put));
    } else if (errno == EAGAIN) {
      return true;
    } else if (errno != EINTR) {
      return false;
    }
  }
  discard_input(client);
  return false;
}

std::vector<LocalRequest> LocalSocket::advance(MonoTime now) {
  accept_all(now);
  std::vector<LocalRequest> requests;
  std::vector<uint64_t> gone;
  for (Client& client : clients_) {
    if (client.answered) {
      if (!write_some(client)) gone.push_back(client.id);
      continue;
    }
    if (!client.asked && !read_line(client)) gone.push_back(client.id);
    const size_t end = client.in.find('\n');
    if (client.asked || (end == std::string::npos && client.in.size() <= kLineBytes)) continue;
    client.asked = true;
    client.deadline = now + kAnswerPatience;
    auto request = end == std::string::npos ? make_error(ErrorCode::kLimit, fmt::format("a request is at most {} bytes", kLineBytes))
                                            : parse_local_request(std::string_view(client.in).substr(0, end));
    if (request.ok()) {
      request->client = client.id;
      requests.push_back(std::move(*request));
    } else {
      answer(client.id, error_json(request.error()), now);
    }
  }
  std::erase_if(clients_, [&](const Client& client) {
    const bool dead = client.asked && !client.answered && [&] {
      pollfd item{client.fd.get(), 0, 0};
      return ::poll(&item, 1, 0) > 0 && (item.revents & (POLLHUP | POLLERR)) != 0;
    }();
    return dead || now >= client.deadline || std::find(gone.begin(), gone.end(), client.id) != gone.end();
  });
  return requests;
}

void LocalSocket::answer(uint64_t id, std::string document, MonoTime now) {
  const auto client = std::find_if(clients_.begin(), clients_.end(), [&](const Client& known) { return known.id == id; });
  if (client == clients_.end()) return;
  client->out = std::move(document);
  client->out.push_back('\n');
  client->answered = true;
  client->deadline = now + kClientPatience;
}

}  // namespace assay::agent
