// SPDX-License-Identifier: Apache-2.0
#include "common/base/file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include <fmt/format.h>

namespace assay {

void UniqueFd::reset() {
  if (fd_ >= 0) ::close(fd_);
  fd_ = -1;
}

Result<std::string> read_file(const std::filesystem::path& path, size_t max_bytes) {
  const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd.valid()) return errno_error(errno, path.string());
  std::string content;
  for (;;) {
    const size_t used = content.size();
    if (used > max_bytes) {
      return make_error(ErrorCode::kLimit, fmt::format("{}: longer than {} bytes", path.string(), max_bytes));
    }
    content.resize(used + 16 * 1024);
    const ssize_t got = ::read(fd.get(), content.data() + used, content.size() - used);
    if (got < 0 && errno != EINTR) return errno_error(errno, path.string());
    content.resize(used + (got > 0 ? static_cast<size_t>(got) : 0));
    if (got == 0) return content;
  }
}

Status write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t put = ::write(fd, bytes.data(), bytes.size());
    if (put < 0) {
      if (errno == EINTR) continue;
      return errno_error(errno, "write");
    }
    bytes.remove_prefix(static_cast<size_t>(put));
  }
  return {};
}

namespace {

Status sync_directory(const std::filesystem::path& directory) {
  const UniqueFd fd(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd.valid() || ::fsync(fd.get()) != 0) return errno_error(errno, directory.string());
  return {};
}

Status write_and_rename(const std::filesystem::path& temporary, const std::filesystem::path& path, std::string_view content,
                        unsigned mode) {
  const UniqueFd fd(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode));
  if (!fd.valid()) return errno_error(errno, temporary.string());
  if (auto done = write_all(fd.get(), content); !done) return done.error().in(temporary.string());
  if (::fchmod(fd.get(), mode) != 0 || ::fsync(fd.get()) != 0) return errno_error(errno, temporary.string());
  if (::rename(temporary.c_str(), path.c_str()) != 0) return errno_error(errno, path.string());
  return {};
}

}  // namespace

Status write_file_atomic(const std::filesystem::path& path, std::string_view content, unsigned mode) {
  const std::filesystem::path directory = path.has_parent_path() ? path.parent_path() : ".";
  const std::filesystem::path temporary = directory / fmt::format(".{}.{}.tmp", path.filename().string(), ::getpid());
  ::unlink(temporary.c_str());
  if (auto done = write_and_rename(temporary, path, content, mode); !done) {
    ::unlink(temporary.c_str());
    return done.error();
  }
  return sync_directory(directory);
}

Status make_directory(const std::filesystem::path& path, unsigned mode) {
  std::error_code problem;
  if (std::filesystem::is_directory(path, problem)) return {};
  if (path.has_parent_path()) std::filesystem::create_directories(path.parent_path(), problem);
  if (::mkdir(path.c_str(), mode) != 0 && errno != EEXIST) return errno_error(errno, path.string());
  return {};
}

Result<UniqueFd> lock_file(const std::filesystem::path& path) {
  UniqueFd fd(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!fd.valid()) return errno_error(errno, path.string());
  if (::flock(fd.get(), LOCK_EX | LOCK_NB) != 0) {
    return make_error(ErrorCode::kConflict, fmt::format("{}: another process holds it; stop that one first", path.string()));
  }
  return fd;
}

}  // namespace assay
