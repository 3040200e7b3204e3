// SPDX-License-Identifier: Apache-2.0
#include "collector/hooks/hook_program.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string>

#include <fmt/format.h>

namespace assay::collector {
namespace {

Result<struct stat> facts_of(const std::filesystem::path& path) {
  struct stat facts {};
  if (::lstat(path.c_str(), &facts) != 0) return errno_error(errno, path.string());
  return facts;
}

Status check_ownership(const std::filesystem::path& path, const struct stat& facts) {
  if (facts.st_uid != 0 && facts.st_uid != ::geteuid()) {
    return make_error(ErrorCode::kPermission,
                      fmt::format("{} belongs to user {}; a hook and its directory must belong to root or to the collector's user",
                                  path.string(), facts.st_uid));
  }
  if ((facts.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
    return make_error(ErrorCode::kPermission, fmt::format("{} is writable by others; run chmod go-w {}", path.string(), path.string()));
  }
  return {};
}

}  // namespace

Status check_hook_program(const std::filesystem::path& program, const std::filesystem::path& directory) {
  if (!program.is_absolute() || !directory.is_absolute()) {
    return make_error(ErrorCode::kPermission, fmt::format("hook {} is not an absolute path in an absolute directory", program.string()));
  }
  if (program.parent_path().lexically_normal() != (directory / "").parent_path().lexically_normal()) {
    return make_error(ErrorCode::kPermission, fmt::format("hook {} is not directly in the allowed directory {}", program.string(), directory.string()));
  }
  const struct stat folder = TRY(facts_of(directory));
  if (!S_ISDIR(folder.st_mode)) return make_error(ErrorCode::kPermission, directory.string() + " is not a directory (a link is not enough)");
  TRY(check_ownership(directory, folder));
  const struct stat file = TRY(facts_of(program));
  if (!S_ISREG(file.st_mode)) return make_error(ErrorCode::kPermission, program.string() + " is not a regular file (a link is not enough)");
  TRY(check_ownership(program, file));
  if (::access(program.c_str(), X_OK) != 0) {
    return make_error(ErrorCode::kPermission, fmt::format("{} is not executable; run chmod +x {}", program.string(), program.string()));
  }
  return {};
}

}  // namespace assay::collector
