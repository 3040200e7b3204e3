// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/device/backend_library.h"

#include <dlfcn.h>

#include <algorithm>

#include <fmt/format.h>

namespace assay::probes::device {
namespace {

constexpr size_t kNameChars = 16;

std::string last_problem() {
  const char* problem = ::dlerror();  // NOLINT(concurrency-mt-unsafe): thread-local in glibc
  return problem == nullptr ? "no reason is given" : problem;
}

}  // namespace

bool is_valid_backend(std::string_view name) {
  const auto fits = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; };
  return !name.empty() && name.size() <= kNameChars && std::all_of(name.begin(), name.end(), fits);
}

std::vector<std::filesystem::path> backend_folders(const std::filesystem::path& given) {
  if (!given.empty()) return {given};
  std::error_code ignored;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", ignored);
  const auto prefix = program.parent_path().parent_path();
  return {prefix / "lib", prefix / "lib" / "assay", prefix / ASSAY_INSTALL_LIBDIR / "assay"};
}

Result<const Backend*> load_backend(std::string_view name, const std::vector<std::filesystem::path>& folders) {
  if (!is_valid_backend(name)) return make_error(ErrorCode::kInvalid, fmt::format("backend '{}': 1 to 16 of a-z, 0-9 and '_'", name.substr(0, 64)));
  const std::string file = fmt::format("libassay_{}.so", name);
  std::filesystem::path library;
  for (const auto& folder : folders) {
    std::error_code ignored;
    if (library.empty() && std::filesystem::exists(folder / file, ignored)) library = folder / file;
  }
  if (library.empty()) return make_error(ErrorCode::kNotFound, fmt::format("{} is not installed", file));
  void* handle = ::dlopen(std::filesystem::absolute(library).c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  if (handle == nullptr) return make_error(ErrorCode::kCorrupt, fmt::format("{} does not load: {}", library.string(), last_problem()));
  void* symbol = ::dlsym(handle, kBackendSymbol);
  if (symbol == nullptr) return make_error(ErrorCode::kCorrupt, fmt::format("{} is no backend of assay: it has no {}", library.string(), kBackendSymbol));
  const Backend* backend = reinterpret_cast<BackendEntry>(symbol)(kBackendAbi);
  if (backend == nullptr) {
    return make_error(ErrorCode::kUnsupported, fmt::format("{} is of another release: install runner and backends together", library.string()));
  }
  return backend;
}

}  // namespace assay::probes::device
