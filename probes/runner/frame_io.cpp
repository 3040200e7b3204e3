// SPDX-License-Identifier: Apache-2.0
#include <sys/socket.h>
#include <sys/types.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include <fmt/format.h>

#include "common/base/bytes.h"
#include "common/base/file.h"
#include "common/model/limits.h"
#include "probes/runner/protocol.h"

namespace assay::probes {
namespace {

// Reads `size` bytes unless the end of file comes first; how many there were.
Result<size_t> read_up_to(int fd, char* into, size_t size) {
  size_t have = 0;
  while (have < size) {
    const ssize_t got = ::read(fd, into + have, size - have);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return errno_error(errno, "runner socket");
    if (got == 0) break;
    have += static_cast<size_t>(got);
  }
  return have;
}

Error cut_short() { return make_error(ErrorCode::kUnavailable, "runner socket: end of file within a frame"); }

}  // namespace

Status write_frame(int fd, std::string_view bytes) {
  if (bytes.size() > limits::kRunnerFrameBytes) {
    return make_error(ErrorCode::kLimit, fmt::format("runner frame of {} bytes: the limit is {}", bytes.size(), limits::kRunnerFrameBytes));
  }
  ByteWriter frame;
  frame.text(bytes);
  std::string_view rest = frame.bytes();
  while (!rest.empty()) {
    const ssize_t put = ::send(fd, rest.data(), rest.size(), MSG_NOSIGNAL);
    if (put < 0 && errno == EINTR) continue;
    if (put < 0 && errno == ENOTSOCK) return write_all(fd, rest);
    if (put < 0) return errno_error(errno, "runner socket");
    rest.remove_prefix(static_cast<size_t>(put));
  }
  return {};
}

Result<std::optional<std::string>> read_frame(int fd) {
  std::array<char, 4> prefix{};
  const size_t have = TRY(read_up_to(fd, prefix.data(), prefix.size()));
  if (have == 0) return std::optional<std::string>{};
  if (have < prefix.size()) return cut_short();
  const uint32_t size = ByteReader(std::string_view(prefix.data(), prefix.size())).u32();
  if (size > limits::kRunnerFrameBytes) {
    return make_error(ErrorCode::kLimit, fmt::format("runner frame of {} bytes: the limit is {}", size, limits::kRunnerFrameBytes));
  }
  std::string bytes(size, '\0');
  if (TRY(read_up_to(fd, bytes.data(), bytes.size())) < bytes.size()) return cut_short();
  return std::optional<std::string>(std::move(bytes));
}

}  // namespace assay::probes
