// SPDX-License-Identifier: Apache-2.0
#include "common/base/trusted_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include <fmt/format.h>

namespace assay {
namespace {

Error distrusted(const std::filesystem::path& part, std::string_view why) {
  return make_error(ErrorCode::kPermission, fmt::format("{} {}", part.string(), why));
}

// Of the program itself or of a directory above it.
Status check_part(const std::filesystem::path& part, uid_t owner, bool is_program) {
  struct stat facts{};
  if (::lstat(part.c_str(), &facts) != 0) {
    return errno == ENOENT ? Status(make_error(ErrorCode::kNotFound, fmt::format("{} is not there", part.string()))) : Status(errno_error(errno, part.string()));
  }
  if (S_ISLNK(facts.st_mode)) return distrusted(part, "is a link; name the file itself");
  if (facts.st_uid != 0 && facts.st_uid != owner) return distrusted(part, "does not belong to root");
  if (is_program) {
    if (!S_ISREG(facts.st_mode)) return distrusted(part, "is not a regular file");
    if ((facts.st_mode & S_IXUSR) == 0) return distrusted(part, "is not executable");
    if (::faccessat(AT_FDCWD, part.c_str(), X_OK, AT_EACCESS) != 0) return distrusted(part, "may not be executed by the user this runs as");
    if ((facts.st_mode & (S_ISUID | S_ISGID)) != 0) return distrusted(part, "takes another user's rights (setuid or setgid)");
  }
  const bool writable = (facts.st_mode & (S_IWGRP | S_IWOTH)) != 0;
  const bool sticky_directory = S_ISDIR(facts.st_mode) && (facts.st_mode & S_ISVTX) != 0;
  if (writable && !sticky_directory) return distrusted(part, "can be written by others than its owner");
  return {};
}

}  // namespace

Status check_trusted_program(const std::filesystem::path& program, uid_t owner) {
  if (!program.is_absolute() || program != program.lexically_normal() || !program.has_filename()) {
    return distrusted(program, "is not an absolute path without '.' and '..'");
  }
  TRY(check_part(program, owner, true));
  for (std::filesystem::path above = program.parent_path();; above = above.parent_path()) {
    TRY(check_part(above, owner, false));
    if (above == above.root_path()) return {};
  }
}

}  // namespace assay
