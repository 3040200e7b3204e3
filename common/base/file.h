// SPDX-License-Identifier: Apache-2.0
// Files and descriptors: bounded reads, atomic durable writes, advisory locks.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>

#include "common/base/result.h"

namespace assay {

// Owns one file descriptor; closes it on destruction. Movable, not copyable. -1 is "none".
class UniqueFd {
 public:
  UniqueFd() = default;
  explicit UniqueFd(int fd) : fd_(fd) {}
  UniqueFd(UniqueFd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  UniqueFd& operator=(UniqueFd&& other) noexcept {
    if (this != &other) {
      reset();
      fd_ = std::exchange(other.fd_, -1);
    }
    return *this;
  }
  UniqueFd(const UniqueFd&) = delete;
  UniqueFd& operator=(const UniqueFd&) = delete;
  ~UniqueFd() { reset(); }

  int get() const { return fd_; }
  bool valid() const { return fd_ >= 0; }
  int release() { return std::exchange(fd_, -1); }
  void reset();

 private:
  int fd_ = -1;
};

// The whole file; kLimit when it is longer than max_bytes, so that a hostile or endless file cannot fill memory.
Result<std::string> read_file(const std::filesystem::path& path, size_t max_bytes);

// Replaces the file so that readers and a power loss see the old or the new content, never a mixture: temporary file in
// the same directory, fsync, rename, fsync of the directory. `mode` are the permission bits of the new file.
Status write_file_atomic(const std::filesystem::path& path, std::string_view content, unsigned mode = 0644);

// Creates the directory (and parents) if missing, with `mode` on the last one.
Status make_directory(const std::filesystem::path& path, unsigned mode = 0755);

// Takes an exclusive advisory lock on the file (created if missing) for the life of the descriptor; kConflict when another
// process holds it. Two daemons on one state directory are refused this way.
Result<UniqueFd> lock_file(const std::filesystem::path& path);

// Writes all bytes, resuming after short writes and EINTR.
Status write_all(int fd, std::string_view bytes);

}  // namespace assay
