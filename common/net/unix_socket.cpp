// SPDX-License-Identifier: Apache-2.0
#include "common/net/unix_socket.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace assay::net {

namespace {

constexpr size_t kReplyBytes = 4 * 1024 * 1024;
constexpr int kBacklog = 16;

Result<sockaddr_un> address_of(const std::filesystem::path& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string& text = path.native();
  if (text.empty() || text.size() >= sizeof address.sun_path) {
    return make_error(ErrorCode::kInvalid,
                      fmt::format("{}: a socket path must have 1 to {} characters; choose a shorter one", text,
                                  sizeof address.sun_path - 1));
  }
  std::memcpy(address.sun_path, text.data(), text.size());
  return address;
}

Result<UniqueFd> new_socket() {
  UniqueFd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!fd.valid()) return errno_error(errno, "socket");
  return fd;
}

// 0, or the errno of a connect.
int try_connect(int fd, const sockaddr_un& address) {
  return ::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 ? 0 : errno;
}

// Removes a socket file that nobody listens on; refuses to touch anything else.
Status clear_stale(const std::filesystem::path& path, const sockaddr_un& address) {
  struct stat facts{};
  if (::lstat(path.c_str(), &facts) != 0) {
    if (errno == ENOENT) return {};
    return errno_error(errno, path.string());
  }
  if (!S_ISSOCK(facts.st_mode)) {
    return make_error(ErrorCode::kConflict,
                      fmt::format("{}: exists and is not a socket; remove it or choose another path", path.string()));
  }
  const UniqueFd probe = TRY(new_socket());
  if (try_connect(probe.get(), address) != ECONNREFUSED) {
    return make_error(ErrorCode::kConflict,
                      fmt::format("{}: another process listens on it; stop that one first", path.string()));
  }
  if (::unlink(path.c_str()) != 0 && errno != ENOENT) return errno_error(errno, path.string());
  return {};
}

// One call's deadline on one socket.
class Exchange {
 public:
  Exchange(int fd, const std::filesystem::path& path, Duration timeout)
      : fd_(fd), path_(path), deadline_(BootClock::now() + timeout) {}

  Status wait_for(short events) {
    for (;;) {
      const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline_ - BootClock::now()).count();
      if (left <= 0) return make_error(ErrorCode::kTimeout, fmt::format("{}: no answer in time", path_.string()));
      pollfd item{fd_, events, 0};
      const int ready = ::poll(&item, 1, static_cast<int>(std::min<int64_t>(left, 60'000)));
      if (ready > 0) return {};
      if (ready < 0 && errno != EINTR) return errno_error(errno, path_.string());
    }
  }

  Status send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t put = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (put >= 0) {
        bytes.remove_prefix(static_cast<size_t>(put));
      } else if (errno == EAGAIN) {
        TRY(wait_for(POLLOUT));
      } else if (errno != EINTR) {
        return make_error(ErrorCode::kUnavailable, errno_error(errno, path_.string()).message);
      }
    }
    return {};
  }

  Result<std::string> receive() {
    std::string reply;
    char chunk[16 * 1024];
    for (;;) {
      const ssize_t got = ::recv(fd_, chunk, sizeof chunk, 0);
      if (got == 0) return reply;
      if (got > 0) {
        reply.append(chunk, static_cast<size_t>(got));
        if (reply.size() > kReplyBytes) {
          return make_error(ErrorCode::kLimit,
                            fmt::format("{}: the answer is longer than {} bytes", path_.string(), kReplyBytes));
        }
      } else if (errno == EAGAIN) {
        TRY(wait_for(POLLIN));
      } else if (errno != EINTR) {
        return make_error(ErrorCode::kUnavailable, errno_error(errno, path_.string()).message);
      }
    }
  }

 private:
  int fd_;
  const std::filesystem::path& path_;
  MonoTime deadline_;
};

}  // namespace

Result<UniqueFd> listen_unix(const std::filesystem::path& path) {
  constexpr mode_t kMode = 0660;
  const sockaddr_un address = TRY(address_of(path));
  TRY(clear_stale(path, address));
  UniqueFd fd = TRY(new_socket());
  // Before bind, so that the file is never wider than this; after it, because the umask may have narrowed it.
  if (::fchmod(fd.get(), kMode) != 0) return errno_error(errno, path.string());
  if (::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    return errno_error(errno, path.string());
  if (::chmod(path.c_str(), kMode) != 0 || ::listen(fd.get(), kBacklog) != 0) return errno_error(errno, path.string());
  return fd;
}

Result<std::string> call_unix(const std::filesystem::path& path, std::string_view line, Duration timeout) {
  const sockaddr_un address = TRY(address_of(path));
  const UniqueFd fd = TRY(new_socket());
  if (const int problem = try_connect(fd.get(), address); problem != 0) {
    Error error = errno_error(problem, path.string());
    if (problem == ENOENT || problem == ECONNREFUSED || problem == EAGAIN) error.code = ErrorCode::kUnavailable;
    return error;
  }
  Exchange exchange(fd.get(), path, timeout);
  std::string request(line);
  if (!request.ends_with('\n')) request.push_back('\n');
  TRY(exchange.send(request));
  return exchange.receive();
}

}  // namespace assay::net
