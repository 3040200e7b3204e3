// SPDX-License-Identifier: Apache-2.0
// The root under which /sys, /proc and /dev are read: "/" on a node, a folder of made-up files in tests.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace assay {

// Reads are single, small and never fail loudly: a file that is missing, unreadable, too long or not a number is absent,
// because kernels, drivers and permissions differ. Immutable; safe to share between threads.
class FsRoot {
 public:
  explicit FsRoot(std::filesystem::path root = "/") : root_(std::move(root)) {}

  // `path` is absolute as on a real node ("/sys/class/hwmon").
  std::filesystem::path resolve(std::string_view path) const;
  // Trimmed content, at most 64 KiB; absent when it cannot be read.
  std::optional<std::string> text(std::string_view path) const;
  std::optional<int64_t> integer(std::string_view path) const;
  // Names of the entries of a directory, sorted; empty when there is none.
  std::vector<std::string> list(std::string_view path) const;
  bool exists(std::string_view path) const;

 private:
  std::filesystem::path root_;
};

}  // namespace assay
