// SPDX-License-Identifier: Apache-2.0
#include "common/base/service_notify.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdlib>
#include <cstring>

#include "common/base/file.h"
#include "common/base/parse.h"

namespace assay {

Status notify_service(std::string_view state) {
  const char* socket_name = std::getenv("NOTIFY_SOCKET");
  if (socket_name == nullptr || *socket_name == '\0') return {};
  const std::string_view name(socket_name);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if ((name.front() != '/' && name.front() != '@') || name.size() >= sizeof(address.sun_path)) {
    return make_error(ErrorCode::kInvalid, "NOTIFY_SOCKET is neither a path nor an abstract name that fits a socket address");
  }
  std::memcpy(address.sun_path, name.data(), name.size());
  if (name.front() == '@') address.sun_path[0] = '\0';

  const UniqueFd fd(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (!fd.valid()) return errno_error(errno, "socket for the service manager");
  const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size());
  const ssize_t sent = ::sendto(fd.get(), state.data(), state.size(), MSG_NOSIGNAL | MSG_DONTWAIT,
                                reinterpret_cast<const sockaddr*>(&address), length);
  if (sent != static_cast<ssize_t>(state.size())) {
    return make_error(ErrorCode::kUnavailable, "the service manager did not take the message: " + std::string(std::strerror(errno)));
  }
  return {};
}

std::optional<Duration> watchdog_interval() {
  const char* interval = std::getenv("WATCHDOG_USEC");
  if (interval == nullptr) return std::nullopt;
  if (const char* pid = std::getenv("WATCHDOG_PID"); pid != nullptr) {
    const auto named = parse_u64(pid);
    if (!named.ok() || *named != static_cast<uint64_t>(::getpid())) return std::nullopt;
  }
  const auto microseconds = parse_u64(interval);
  constexpr uint64_t kLongest = 24ULL * 3600 * 1'000'000;  // a day: anything longer is a mistake, and would overflow
  if (!microseconds.ok() || *microseconds == 0 || *microseconds > kLongest) return std::nullopt;
  return std::chrono::duration_cast<Duration>(std::chrono::microseconds(*microseconds));
}

}  // namespace assay
