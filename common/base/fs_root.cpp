// SPDX-License-Identifier: Apache-2.0
#include "common/base/fs_root.h"

#include <algorithm>

#include "common/base/file.h"
#include "common/base/parse.h"

namespace assay {

std::filesystem::path FsRoot::resolve(std::string_view path) const {
  while (!path.empty() && path.front() == '/') path.remove_prefix(1);
  return root_ / path;
}

std::optional<std::string> FsRoot::text(std::string_view path) const {
  constexpr size_t kMaxBytes = 64 * 1024;
  auto content = read_file(resolve(path), kMaxBytes);
  if (!content) return std::nullopt;
  return std::string(trim(*content));
}

std::optional<int64_t> FsRoot::integer(std::string_view path) const {
  const auto content = text(path);
  if (!content) return std::nullopt;
  const auto number = parse_i64(*content);
  if (!number) return std::nullopt;
  return *number;
}

std::vector<std::string> FsRoot::list(std::string_view path) const {
  std::vector<std::string> names;
  std::error_code problem;
  for (std::filesystem::directory_iterator it(resolve(path), problem), end; !problem && it != end; it.increment(problem)) {
    names.push_back(it->path().filename().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

bool FsRoot::exists(std::string_view path) const {
  std::error_code problem;
  return std::filesystem::exists(resolve(path), problem);
}

}  // namespace assay
